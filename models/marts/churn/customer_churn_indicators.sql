{% set window_days = (var('churn_period_count') | int) * (var('churn_period_days') | int) %}

with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

customer_days as (
    select * from {{ ref('int_customer_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Joined, so that days before the two windows are not read.
recent_days as (
    select
        customer_days.customer_id,
        customer_days.net_revenue,
        as_of.as_of_date - customer_days.business_date as days_ago
    from customer_days
    inner join as_of
        on customer_days.business_date > as_of.as_of_date - {{ 2 * window_days }}
),

spending as (
    select
        customer_id,
        sum(case when days_ago < {{ window_days }} then net_revenue else 0 end) as spend_recent,
        sum(case when days_ago < {{ window_days }} then 0 else net_revenue end) as spend_prior
    from recent_days
    group by customer_id
),

customers as (
    select
        customer_totals.customer_id,
        as_of.as_of_date,
        customer_totals.first_order_date,
        customer_totals.last_order_date,
        cast(as_of.as_of_date - customer_totals.last_order_date as bigint) as days_since_last_order,
        cast(customer_totals.last_order_date - customer_totals.first_order_date as bigint) as active_days,
        customer_totals.day_count - 1 as gap_count,
        {{ money('coalesce(spending.spend_recent, 0)') }} as spend_recent,
        {{ money('coalesce(spending.spend_prior, 0)') }} as spend_prior
    from customer_totals
    cross join as_of
    left join spending
        on customer_totals.customer_id = spending.customer_id
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
        {{ change_pct('spend_recent', 'spend_prior') }} as spend_change_pct,
        first_order_date <= as_of_date - {{ 2 * window_days - 1 }} as is_change_comparable,
        {{ is_at_risk('days_since_last_order') }} as is_at_risk,
        cast(
            case when {{ is_at_risk('days_since_last_order') }} then 'at_risk' else 'active' end as varchar(16)
        ) as churn_status,
        case
            when {{ is_at_risk('days_since_last_order') }} then last_order_date + {{ var('churn_at_risk_days') }} + 1
        end as at_risk_since,
        case
            when gap_count >= 2 then {{ average('days_since_last_order * gap_count', 'active_days') }}
        end as overdue_ratio,
        case when gap_count >= 2 then days_since_last_order * gap_count > 2 * active_days end as is_overdue
    from customers
)

select * from final
