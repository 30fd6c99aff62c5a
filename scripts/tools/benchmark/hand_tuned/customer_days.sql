create table kept.customer_days as
select
    customers.customer_key,
    orders.business_date,
    cast(count(*) as integer) as order_count,
    cents(sum(orders.gross_revenue)) as gross_cents,
    cents(sum(orders.net_revenue)) as net_cents
from new_orders() as orders
inner join kept.customers as customers
    on orders.customer_id = customers.customer_id
where not customers.is_excluded
group by customers.customer_key, orders.business_date;

create table marts.dim_customers as
with
customers as (
    select
        customer_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date,
        count(*) as order_count,
        min(customer_order_number) filter (where is_loyalty) as joining_order_number,
        arg_min(business_date, customer_order_number) filter (where is_loyalty) as loyalty_joined_date,
        any_value(location_id) filter (where customer_order_number = 1) as first_location_id
    from orders_of_changed_customers()
    where customer_id is not null
    group by customer_id
)
select
    customers.customer_id,
    customers.first_order_date,
    customers.last_order_date,
    customers.order_count,
    customers.joining_order_number is not null as is_loyalty_member,
    customers.loyalty_joined_date,
    customers.first_location_id,
    keys.is_excluded
from customers
inner join kept.customers as keys
    on customers.customer_id = keys.customer_id;

create table marts.customer_lifetime_value_history as
with
history as (
    select
        customer_key,
        business_date as valid_from,
        lead(business_date) over up_to_then as valid_to,
        cast(sum(order_count) over up_to_then as bigint) as order_count,
        hundredth(sum(net_cents) over up_to_then) as lifetime_revenue
    from days_of_changed_customers()
    window up_to_then as (partition by customer_key order by business_date rows unbounded preceding)
)
select
    customers.customer_id,
    history.valid_from,
    history.valid_to,
    history.order_count,
    history.lifetime_revenue
from history
inner join kept.customers as customers
    on history.customer_key = customers.customer_key
where history.valid_from > getvariable('until');
