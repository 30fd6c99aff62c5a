{% set half_days = 'starts.half_days' %}
{% set age_at_start = '(starts.start_date - lifetimes.first_order_date)' %}
{% set age_at_end = '(starts.end_date - lifetimes.first_order_date)' %}

{{ config(
    materialized='incremental', incremental_strategy='untouched',
    unique_key=['start_date', 'half_days'], meta={'untouched': 'int_untouched_starts'}
) }}

-- depends_on: {{ ref('int_untouched_starts') }}

with
-- Read twice under two names: DuckDB would copy what it reads once for two uses, all years of it.
month_ends_at_start as (
    select * from {{ ref('customer_month_end') }}
),

month_ends_at_end as (
    select * from {{ ref('customer_month_end') }}
),

lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

value_starts as (
    select * from {{ ref('int_value_starts') }}
),

{% if is_later_run() %}
untouched_starts as (
    select * from {{ ref('int_untouched_starts') }}
),

known_starts as (
    select distinct
        observations.start_date,
        observations.half_days
    from {{ this }} as observations
    inner join untouched_starts
        on observations.start_date = untouched_starts.start_date and observations.half_days = untouched_starts.half_days
),
{% endif %}

-- Two runs with the same half days see the same from a start.
starts as (
    select distinct
        value_starts.start_date,
        value_starts.end_date,
        value_starts.day_count,
        value_starts.half_days
    from value_starts
    {% if is_later_run() %}
    left join known_starts
        on value_starts.start_date = known_starts.start_date and value_starts.half_days = known_starts.half_days
    where known_starts.start_date is null
    {% endif %}
),

banded as (
    select
        starts.start_date,
        starts.half_days,
        starts.day_count,
        {{ order_band('at_start.order_count') }} as order_band,
        {{ missed_band('at_start.order_count', age_at_start, 'at_start.recency_days', half_days) }} as missed_band,
        {{ pace('at_start.order_count', age_at_start, half_days) }} as pace,
        {{ order_band('at_end.order_count') }} as end_order_band,
        {{ missed_band('at_end.order_count', age_at_end, 'at_end.recency_days', half_days) }} as end_missed_band,
        {{ pace('at_end.order_count', age_at_end, half_days) }} as end_pace,
        at_end.order_count - at_start.order_count as orders_that_came
    from month_ends_at_start as at_start
    inner join starts
        on at_start.month_end_date = starts.start_date
    inner join month_ends_at_end as at_end
        on at_start.customer_id = at_end.customer_id and starts.end_date = at_end.month_end_date
    inner join lifetimes
        on at_start.customer_id = lifetimes.customer_id
),

-- Far fewer rows, and all that is asked of them later.
final as (
    select
        start_date,
        half_days,
        order_band,
        missed_band,
        pace,
        end_order_band,
        end_missed_band,
        {{ whole_number('count(*)') }} as starts,
        {{ whole_number('sum(case when orders_that_came > 0 then 1 else 0 end)') }} as returned,
        {{ whole_number('sum(orders_that_came)') }} as orders_that_came,
        {{ whole_number('sum(pace * day_count)') }} as promised_orders,
        {{ whole_number('sum(end_pace)') }} as end_pace
    from banded
    group by start_date, half_days, order_band, missed_band, pace, end_order_band, end_missed_band
)

select * from final
