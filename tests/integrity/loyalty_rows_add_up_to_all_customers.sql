with
orders as (
    select * from {{ ref('fct_orders') }}
),

excluded_customers as (
    select * from {{ ref('dim_customers') }}
    where is_excluded
),

memberships as (
    select
        sum(customer_count) as customer_count,
        sum(case when membership <> 'guest' then order_count else 0 end) as order_count,
        sum(case when membership <> 'guest' then net_revenue else 0 end) as net_revenue,
        sum(order_count) as order_count_with_guests,
        sum(net_revenue) as net_revenue_with_guests
    from {{ ref('loyalty_program_impact') }}
),

lifetimes as (
    select
        count(*) as customer_count,
        coalesce(sum(order_count), 0) as order_count,
        coalesce(sum(lifetime_revenue), 0) as net_revenue
    from {{ ref('customer_lifetime_value') }}
),

excluded as (
    select
        count(*) as order_count,
        coalesce(sum(orders.net_revenue), 0) as net_revenue
    from orders
    inner join excluded_customers
        on orders.customer_id = excluded_customers.customer_id
),

company as (
    select
        count(*) as order_count,
        coalesce(sum(net_revenue), 0) as net_revenue
    from orders
),

final as (
    select
        memberships.customer_count,
        lifetimes.customer_count as expected_customer_count,
        memberships.order_count,
        lifetimes.order_count as expected_order_count,
        memberships.net_revenue,
        lifetimes.net_revenue as expected_net_revenue,
        memberships.order_count_with_guests + excluded.order_count as all_order_count,
        company.order_count as expected_all_order_count,
        memberships.net_revenue_with_guests + excluded.net_revenue as all_net_revenue,
        company.net_revenue as expected_all_net_revenue
    from memberships
    cross join lifetimes
    cross join excluded
    cross join company
    where
        memberships.customer_count <> lifetimes.customer_count
        or memberships.order_count <> lifetimes.order_count
        or memberships.net_revenue <> lifetimes.net_revenue
        or memberships.order_count_with_guests + excluded.order_count <> company.order_count
        or memberships.net_revenue_with_guests + excluded.net_revenue <> company.net_revenue
)

select * from final
