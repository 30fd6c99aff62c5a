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

ordered as (
    select
        *,
        row_number() over (partition by membership order by lifetime_revenue, customer_id) as place,
        count(*) over (partition by membership) as group_size
    from valued
),

totals as (
    select
        membership,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(lifetime_revenue) as net_revenue,
        sum(case when order_count >= 2 then 1 else 0 end) as repeat_customer_count,
        sum(order_count - 1) as repeat_order_count,
        sum(case when 2 * place between group_size and group_size + 2 then lifetime_revenue end) as middle_revenue,
        sum(case when 2 * place between group_size and group_size + 2 then 1 else 0 end) as middle_count
    from ordered
    group by membership
),

filled as (
    select
        memberships.membership,
        {{ whole_number('coalesce(totals.customer_count, 0)') }} as customer_count,
        {{ whole_number('coalesce(totals.order_count, 0)') }} as order_count,
        {{ money('coalesce(totals.net_revenue, 0)') }} as net_revenue,
        {{ whole_number('coalesce(totals.repeat_customer_count, 0)') }} as repeat_customer_count,
        {{ whole_number('coalesce(totals.repeat_order_count, 0)') }} as repeat_order_count,
        {{ money('totals.middle_revenue') }} as middle_revenue,
        {{ whole_number('totals.middle_count') }} as middle_count
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
        repeat_order_count,
        {{ average('net_revenue', 'customer_count') }} as average_lifetime_value,
        {{ average('middle_revenue', 'middle_count') }} as median_lifetime_value
    from filled
)

select * from final
