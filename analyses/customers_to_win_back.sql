-- Marketing: which good customers have been away for more than twice their usual time?
with
lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

churn_indicators as (
    select * from {{ ref('customer_churn_indicators') }}
),

final as (
    select
        lifetimes.customer_id,
        lifetimes.lifetime_revenue,
        lifetimes.order_count,
        churn_indicators.days_since_last_order,
        churn_indicators.at_risk_since,
        churn_indicators.average_days_between_orders,
        churn_indicators.overdue_ratio
    from lifetimes
    inner join churn_indicators
        on lifetimes.customer_id = churn_indicators.customer_id
    where
        lifetimes.clv_tier = 'High'
        and churn_indicators.is_at_risk
        and churn_indicators.is_overdue
)

select * from final
order by lifetime_revenue desc, customer_id asc
