{{ config(
    materialized='incremental',
    unique_key='month_end_date',
    meta={'touched': 'int_first_touched_month'}
) }}

with
standings as (
    select * from {{ ref('int_customer_month_standings') }}
),

with_recency as (
    select
        *,
        {{ whole_number('month_end_date - last_order_date') }} as recency_days
    from standings
),

scored as (
    select
        *,
        {{ share_band('lifetime_revenue', partition_by='month_end_date') }} as clv_tier,
        {{ score('recency_days', better='lower', partition_by='month_end_date') }} as recency_score,
        {{ score('frequency', better='higher', partition_by='month_end_date') }} as frequency_score,
        {{ score('monetary', better='higher', partition_by='month_end_date') }} as monetary_score
    from with_recency
),

final as (
    select
        customer_id,
        month_end_date,
        order_count,
        lifetime_revenue,
        clv_tier,
        recency_days,
        recency_score,
        frequency_score,
        monetary_score,
        {{ rfm_segment('recency_score', 'frequency_score', 'monetary_score') }} as rfm_segment,
        {{ is_at_risk('recency_days') }} as is_at_risk
    from scored
)

select * from final
