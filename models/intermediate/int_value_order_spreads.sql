with
orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is not null
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

means as (
    select * from {{ ref('int_value_order_means') }}
    where mean_order_cents > 0
),

-- Distances from the mean in thousandths of it: numbers of one size in every currency.
distances as (
    select
        means.run_as_of,
        orders.customer_id,
        {{ rounded_quotient(
            '(1000 * (' ~ whole_number(hundredths('orders.net_revenue')) ~ ' - means.mean_order_cents))',
            'means.mean_order_cents'
        ) }} as distance
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    inner join means
        on orders.business_date <= means.run_as_of
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
        run_as_of,
        {{ whole_number('count(*)') }} as customer_count,
        {{ whole_number('sum(order_count)') }} as order_count,
        {{ whole_number('sum(order_count * order_count)') }} as squared_order_count,
        {{ whole_number('sum(distance)') }} as distance,
        {{ whole_number('sum(squared_distance)') }} as squared_distance,
        {{ whole_number('sum(' ~ half_up('distance * distance', 'order_count') ~ ')') }} as squared_distance_of_customers
    from by_customer
    group by run_as_of
)

select * from final
