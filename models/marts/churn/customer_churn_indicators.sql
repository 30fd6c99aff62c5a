{% set window_days = var('churn_period_count') * var('churn_period_days') %}

with
customer_days as (
    select * from {{ ref('int_customer_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

dated as (
    select
        customer_days.customer_id,
        customer_days.business_date,
        customer_days.net_revenue,
        as_of.as_of_date,
        as_of.as_of_date - customer_days.business_date as days_ago
    from customer_days
    cross join as_of
),

customers as (
    select
        customer_id,
        as_of_date,
        max(business_date) as last_order_date,
        {{ whole_number('min(days_ago)') }} as days_since_last_order,
        {{ whole_number('max(business_date) - min(business_date)') }} as active_days,
        {{ whole_number('count(*) - 1') }} as gap_count,
        {{ money('sum(case when days_ago < ' ~ window_days ~ ' then net_revenue else 0 end)') }} as spend_recent,
        {{ money(
            'sum(case when days_ago >= ' ~ window_days ~ ' and days_ago < ' ~ 2 * window_days
            ~ ' then net_revenue else 0 end)'
        ) }} as spend_prior
    from dated
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        last_order_date,
        days_since_last_order,
        {{ average('active_days', 'gap_count') }} as average_days_between_orders,
        spend_recent,
        spend_prior,
        {{ percentage('spend_recent - spend_prior', 'spend_prior') }} as spend_change_pct,
        {{ is_at_risk('days_since_last_order') }} as is_at_risk,
        cast(
            case when {{ is_at_risk('days_since_last_order') }} then 'at_risk' else 'active' end as varchar(16)
        ) as churn_status
    from customers
)

select * from final
