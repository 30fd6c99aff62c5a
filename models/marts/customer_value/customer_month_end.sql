{{ config(
    materialized='incremental',
    unique_key='month_end_date',
    meta={'changes': 'int_changed_periods', 'and_later': true}
) }}

with
standings as (
    select * from {{ ref('int_customer_month_standings') }}
),

edges as (
    select * from {{ ref('int_month_end_edges') }}
),

-- Compared with the edges of the scores and tiers: ranking all rows would sort them four times.
scored as (
    select
        standings.*,
        cast(case
            when standings.lifetime_revenue >= revenue_edges.high_from then 'High'
            when standings.lifetime_revenue <= revenue_edges.low_to then 'Low'
            else 'Medium'
        end as varchar(16)) as clv_tier,
        {{ score_by_cut_points('-standings.recency_days', 'recency_edges') }} as recency_score,
        {{ score_by_cut_points('standings.frequency', 'frequency_edges') }} as frequency_score,
        {{ score_by_cut_points('standings.monetary', 'monetary_edges') }} as monetary_score
    from standings
    {% for alias, measure in {
        'revenue_edges': 'lifetime_revenue', 'recency_edges': 'recency_days',
        'frequency_edges': 'frequency', 'monetary_edges': 'monetary'
    }.items() -%}
    inner join edges as {{ alias }}
        on
            standings.month_end_date = {{ alias }}.month_end_date
            and {{ alias }}.measure = '{{ measure }}'
    {% endfor %}
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
