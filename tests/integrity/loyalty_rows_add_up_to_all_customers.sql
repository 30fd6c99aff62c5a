with
memberships as (
    select
        sum(customer_count) as customer_count,
        sum(order_count) as order_count,
        sum(net_revenue) as net_revenue
    from {{ ref('loyalty_program_impact') }}
),

lifetimes as (
    select
        count(*) as customer_count,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(lifetime_revenue), 0) as net_revenue
    from {{ ref('customer_lifetime_value') }}
),

final as (
    select
        memberships.customer_count,
        lifetimes.customer_count as expected_customer_count,
        memberships.order_count,
        lifetimes.order_count as expected_order_count,
        memberships.net_revenue,
        lifetimes.net_revenue as expected_net_revenue
    from memberships
    cross join lifetimes
    where
        memberships.customer_count <> lifetimes.customer_count
        or memberships.order_count <> lifetimes.order_count
        or memberships.net_revenue <> lifetimes.net_revenue
)

select * from final
