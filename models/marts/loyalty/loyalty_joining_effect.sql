{% set window_days = var('loyalty_window_days') %}

with
members as (
    select * from {{ ref('dim_customers') }}
    where loyalty_joined_date is not null and not is_excluded
),

orders as (
    select * from {{ ref('fct_orders') }}
),

customer_days as (
    select * from {{ ref('int_customer_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

joiners as (
    select
        members.customer_id,
        members.loyalty_joined_date
    from members
    inner join orders
        on members.customer_id = orders.customer_id
    where
        orders.customer_order_number = 1
        and not orders.is_loyalty
),

data_start as (
    select min(business_date) as first_business_date
    from orders
),

observed_joiners as (
    select
        joiners.customer_id,
        joiners.loyalty_joined_date
    from joiners
    inner join data_start
        on joiners.loyalty_joined_date - {{ window_days }} >= data_start.first_business_date
    inner join as_of
        on joiners.loyalty_joined_date + {{ window_days }} - 1 <= as_of.as_of_date
),

days_around_joining as (
    select
        {{ month_start('observed_joiners.loyalty_joined_date') }} as joined_month,
        observed_joiners.customer_id,
        customer_days.order_count,
        customer_days.net_revenue,
        customer_days.business_date >= observed_joiners.loyalty_joined_date as is_after
    from observed_joiners
    inner join customer_days
        on
            observed_joiners.customer_id = customer_days.customer_id
            and customer_days.business_date >= observed_joiners.loyalty_joined_date - {{ window_days }}
            and customer_days.business_date < observed_joiners.loyalty_joined_date + {{ window_days }}
),

months as (
    select
        joined_month,
        cast(count(distinct customer_id) as bigint) as customer_count,
        cast(sum(case when is_after then 0 else order_count end) as bigint) as orders_before,
        cast(sum(case when is_after then order_count else 0 end) as bigint) as orders_after,
        {{ money('sum(case when is_after then 0 else net_revenue end)') }} as net_revenue_before,
        {{ money('sum(case when is_after then net_revenue else 0 end)') }} as net_revenue_after
    from days_around_joining
    group by joined_month
),

final as (
    select
        joined_month,
        customer_count,
        orders_before,
        orders_after,
        net_revenue_before,
        net_revenue_after,
        {{ percentage('net_revenue_after - net_revenue_before', 'net_revenue_before') }} as net_revenue_change_pct
    from months
)

select * from final
