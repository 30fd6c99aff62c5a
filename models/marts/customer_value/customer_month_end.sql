{{ config(
    materialized='incremental',
    unique_key='month_end_date',
    meta={'changes': 'int_changed_periods', 'and_later': true}
) }}

with
states as (
    select * from {{ ref('int_customer_month_end_states') }}
),

cut_points as (
    select * from {{ ref('int_month_end_cut_points') }}
),

-- Compared with the cut points of the scores and tiers: ranking all rows would sort them three times.
scored as (
    select
        states.*,
        cast(case
            when states.lifetime_revenue >= revenue_cut_points.high_from then 'High'
            when states.lifetime_revenue <= revenue_cut_points.low_to then 'Low'
            else 'Medium'
        end as varchar(16)) as clv_tier,
        {{ recency_score('states.recency_days') }} as recency_score,
        case
            when states.frequency > 0 then {{ score_by_cut_points('states.frequency', 'frequency_cut_points') }}
            else 1
        end as frequency_score,
        case
            when states.frequency > 0 then {{ score_by_cut_points('states.monetary', 'monetary_cut_points') }}
            else 1
        end as monetary_score
    from states
    {% for alias, measure in {
        'revenue_cut_points': 'lifetime_revenue', 'frequency_cut_points': 'frequency',
        'monetary_cut_points': 'monetary'
    }.items() -%}
    left join cut_points as {{ alias }}
        on
            states.month_end_date = {{ alias }}.month_end_date
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
        {{ rfm_segment('recency_days', 'frequency_score', 'monetary_score', 'month_end_date - first_order_date') }}
            as rfm_segment,
        {{ is_at_risk('recency_days') }} as is_at_risk
    from scored
)

select * from final
