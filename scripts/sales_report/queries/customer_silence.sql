-- Customers by days without an order, at the restaurant of their first order. Band 0 is over a year; the other
-- bands are the recency scores, whose limits follow the variable churn_at_risk_days.
with
silences as (
    select
        {place} as place,
        lifetimes.lifetime_revenue,
        case
            when segments.recency_score = 1 and indicators.days_since_last_order > 365 then 0
            else segments.recency_score
        end as silence_band,
        case
            when indicators.is_overdue then 'overdue'
            when not indicators.is_overdue then 'usual'
            else 'unknown'
        end as own_gap,
        case
            when
                indicators.is_change_comparable
                and not indicators.is_at_risk
                and indicators.spend_change_pct <= -50
                then 1
            else 0
        end as spends_half
    from marts.customer_churn_indicators as indicators
    inner join marts.customer_segments as segments
        on indicators.customer_id = segments.customer_id
    inner join marts.customer_lifetime_value as lifetimes
        on indicators.customer_id = lifetimes.customer_id
    inner join marts.dim_customers as customers
        on indicators.customer_id = customers.customer_id
    inner join marts.dim_locations
        on customers.first_location_id = dim_locations.location_id
)

select
    place,
    silence_band,
    own_gap,
    cast(count(*) as bigint) as customer_count,
    cast(sum(lifetime_revenue) * 100 as bigint) as lifetime_revenue,
    cast(sum(spends_half) as bigint) as spends_half_count
from silences
group by place, silence_band, own_gap
order by place, silence_band, own_gap
