with
customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

memberships as (
    select cast('member' as varchar(16)) as membership
    union all
    select cast('non_member' as varchar(16)) as membership
),

valued as (
    select
        case when customers.is_loyalty_member then 'member' else 'non_member' end as membership,
        lifetimes.customer_id,
        lifetimes.order_count,
        lifetimes.lifetime_revenue
    from lifetimes
    inner join customers
        on lifetimes.customer_id = customers.customer_id
),

by_value as (
    select
        membership,
        lifetime_revenue,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(lifetime_revenue) as net_revenue,
        sum(case when order_count >= 2 then 1 else 0 end) as repeat_customer_count
    from valued
    group by membership, lifetime_revenue
),

-- Values are fewer than customers, and numbering these would take longer than all else here.
placed as (
    select
        *,
        sum(customer_count) over (
            partition by membership order by lifetime_revenue rows unbounded preceding
        ) as equal_and_lower,
        sum(customer_count) over (partition by membership) as everyone
    from by_value
),

totals as (
    select
        membership,
        sum(customer_count) as customer_count,
        sum(order_count) as order_count,
        sum(net_revenue) as net_revenue,
        sum(repeat_customer_count) as repeat_customer_count,
        min(case when 2 * equal_and_lower >= everyone then lifetime_revenue end) as lower_middle,
        min(case when 2 * equal_and_lower > everyone then lifetime_revenue end) as upper_middle
    from placed
    group by membership
),

filled as (
    select
        memberships.membership,
        cast(coalesce(totals.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(totals.order_count, 0) as bigint) as order_count,
        {{ money('coalesce(totals.net_revenue, 0)') }} as net_revenue,
        cast(coalesce(totals.repeat_customer_count, 0) as bigint) as repeat_customer_count,
        {{ money('totals.lower_middle + totals.upper_middle') }} as both_middles
    from memberships
    left join totals
        on memberships.membership = totals.membership
),

final as (
    select
        membership,
        customer_count,
        order_count,
        net_revenue,
        {{ average('net_revenue', 'order_count') }} as average_order_value,
        {{ average('order_count', 'customer_count') }} as average_orders_per_customer,
        repeat_customer_count,
        {{ rate('repeat_customer_count', 'customer_count') }} as repeat_customer_rate,
        order_count - customer_count as repeat_order_count,
        {{ average('net_revenue', 'customer_count') }} as average_lifetime_value,
        {{ average('both_middles', '2') }} as median_lifetime_value
    from filled
)

select * from final
