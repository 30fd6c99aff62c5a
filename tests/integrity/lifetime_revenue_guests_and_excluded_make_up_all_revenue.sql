with
orders as (
    select * from {{ ref('fct_orders') }}
),

excluded_customers as (
    select * from {{ ref('dim_customers') }}
    where is_excluded
),

totals as (
    select
        (select coalesce(sum(net_revenue), 0) from orders) as all_revenue,
        (select coalesce(sum(lifetime_revenue), 0) from {{ ref('customer_lifetime_value') }}) as lifetime_revenue,
        (
            select coalesce(sum(net_revenue), 0)
            from orders
            where customer_id is null
        ) as guest_revenue,
        (
            select coalesce(sum(orders.net_revenue), 0)
            from orders
            inner join excluded_customers
                on orders.customer_id = excluded_customers.customer_id
        ) as excluded_revenue
),

final as (
    select *
    from totals
    where lifetime_revenue + guest_revenue + excluded_revenue <> all_revenue
)

select * from final
