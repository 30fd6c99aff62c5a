{% set counts = [
    'order_count', 'active_customer_count', 'repeat_customer_count', 'orders_in_window', 'customer_age_days'
] %}
{% set amounts = ['gross_revenue', 'discount_amount', 'net_revenue', 'net_revenue_in_window'] %}

with
customers as (
    select * from {{ ref('dim_customers') }}
),

lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

segments as (
    select * from {{ ref('customer_segments') }}
),

valued as (
    select
        case when customers.is_loyalty_member then 'member' else 'non_member' end as membership,
        lifetimes.lifetime_revenue,
        lifetimes.order_count,
        lifetimes.gross_revenue,
        lifetimes.discount_amount,
        lifetimes.lifetime_revenue as net_revenue,
        lifetimes.customer_age_days,
        segments.frequency as orders_in_window,
        segments.monetary as net_revenue_in_window,
        case when {{ is_at_risk('segments.recency_days') }} then 0 else 1 end as active_customer_count,
        case when lifetimes.order_count >= 2 then 1 else 0 end as repeat_customer_count
    from lifetimes
    inner join customers
        on lifetimes.customer_id = customers.customer_id
    inner join segments
        on lifetimes.customer_id = segments.customer_id
),

by_value as (
    select
        membership,
        lifetime_revenue,
        {%- for measure in counts + amounts %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        count(*) as customer_count
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

final as (
    select
        cast(membership as varchar(16)) as membership,
        cast(sum(customer_count) as bigint) as customer_count,
        {%- for count in counts %}
        cast(sum({{ count }}) as bigint) as {{ count }},
        {%- endfor %}
        {%- for amount in amounts %}
        {{ money('sum(' ~ amount ~ ')') }} as {{ amount }},
        {%- endfor %}
        {{ money(
            'min(case when 2 * equal_and_lower >= everyone then lifetime_revenue end)'
            ~ ' + min(case when 2 * equal_and_lower > everyone then lifetime_revenue end)'
        ) }} as both_middles
    from placed
    group by membership
)

select * from final
