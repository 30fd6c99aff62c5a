-- Marketing: who moved from VIP to at risk this month?
with
observed as (
    select * from {{ ref('customer_status_snapshot') }}
),

churn_indicators as (
    select * from {{ ref('customer_churn_indicators') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

months as (
    select
        as_of_date,
        {{ month_start('as_of_date') }} as month_start_date
    from as_of
),

-- Observed as VIP and active at the month's first day, or later in the month.
vips as (
    select
        observed.customer_id,
        max(cast(observed.dbt_valid_to as date)) as vip_until
    from observed
    inner join months
        on
            observed.dbt_valid_from <= months.as_of_date
            and observed.dbt_valid_to > months.month_start_date
    where
        observed.rfm_segment = 'VIP'
        and observed.churn_status = 'active'
    group by observed.customer_id
),

final as (
    select
        vips.customer_id,
        vips.vip_until,
        churn_indicators.at_risk_since,
        observed.rfm_segment,
        observed.clv_tier
    from vips
    inner join observed
        on vips.customer_id = observed.customer_id
    inner join churn_indicators
        on vips.customer_id = churn_indicators.customer_id
    where
        observed.dbt_valid_to is null
        and churn_indicators.is_at_risk
)

select * from final
order by at_risk_since, customer_id
