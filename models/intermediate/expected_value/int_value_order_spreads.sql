with
orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is not null
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

averages as (
    select * from {{ ref('int_value_averages') }}
    where mean_order_cents > 0
),

amounts as (
    select
        averages.run_as_of,
        averages.mean_order_cents,
        orders.customer_id,
        1000 * ({{ whole_number('orders.net_revenue * 100') }} - averages.mean_order_cents) as distance
    from orders
    inner join averages
        on orders.business_date <= averages.run_as_of
),

-- Distances from the mean in thousandths of it: numbers of one size in every currency.
distances as (
    select
        run_as_of,
        customer_id,
        {{ rounded_quotient('distance', 'mean_order_cents', wide=false) }} as distance
    from amounts
),

by_customer as (
    select
        run_as_of,
        customer_id,
        {{ whole_number('count(*)') }} as order_count,
        {{ whole_number('sum(distance)') }} as distance,
        {{ whole_number('sum(distance * distance)') }} as squared_distance
    from distances
    group by run_as_of, customer_id
),

final as (
    select
        by_customer.run_as_of,
        {{ whole_number('count(*)') }} as customer_count,
        {{ whole_number('sum(by_customer.order_count)') }} as order_count,
        {{ whole_number('sum(by_customer.order_count * by_customer.order_count)') }} as squared_order_count,
        {{ whole_number('sum(by_customer.distance)') }} as distance,
        {{ whole_number('sum(by_customer.squared_distance)') }} as squared_distance,
        {{ whole_number(
            'sum(' ~ half_up('by_customer.distance * by_customer.distance', 'by_customer.order_count') ~ ')'
        ) }} as squared_distance_of_customers
    from by_customer
    inner join customers
        on by_customer.customer_id = customers.customer_id
    group by by_customer.run_as_of
)

select * from final
