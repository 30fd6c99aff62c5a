with
orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is not null
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

priors as (
    select * from {{ ref('int_expected_value_priors') }}
    where mean_order_cents > 0
),

amounts as (
    select
        priors.run_as_of,
        priors.mean_order_cents,
        orders.customer_id,
        1000 * (cast(orders.net_revenue * 100 as bigint) - priors.mean_order_cents) as distance
    from orders
    inner join priors
        on orders.business_date <= priors.run_as_of
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
        cast(count(*) as bigint) as order_count,
        cast(sum(distance) as bigint) as distance,
        cast(sum(distance * distance) as bigint) as squared_distance
    from distances
    group by run_as_of, customer_id
),

final as (
    select
        by_customer.run_as_of,
        cast(count(*) as bigint) as customer_count,
        cast(sum(by_customer.order_count) as bigint) as order_count,
        cast(sum(by_customer.order_count * by_customer.order_count) as bigint) as squared_order_count,
        cast(sum(by_customer.distance) as bigint) as distance,
        cast(sum(by_customer.squared_distance) as bigint) as squared_distance,
        cast(
            sum({{ half_up('by_customer.distance * by_customer.distance', 'by_customer.order_count') }}) as bigint
        ) as squared_distance_of_customers
    from by_customer
    inner join customers
        on by_customer.customer_id = customers.customer_id
    group by by_customer.run_as_of
)

select * from final
