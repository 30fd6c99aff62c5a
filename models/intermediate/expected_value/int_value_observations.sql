{% set start_count = var('expected_value_start_count') %}
{% set half_days = 'starts.half_days' %}
{% set age_at_start = '(starts.start_date - customer_totals.first_order_date)' %}
{% set age_at_end = '(starts.end_date - customer_totals.first_order_date)' %}

with
-- Read twice under two names: DuckDB would copy what it reads once for two uses, all years of it.
month_ends_at_start as (
    select * from {{ ref('customer_month_end') }}
),

month_ends_at_end as (
    select * from {{ ref('customer_month_end') }}
),

customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

calendar_days as (
    select * from {{ ref('int_calendar_days') }}
),

runs as (
    select * from {{ ref('int_value_runs') }}
    where month_end_count >= {{ var('expected_value_min_month_ends') }}
),

averages as (
    select * from {{ ref('int_value_averages') }}
    where half_days is not null
),

-- The latest month ends with a complete one three months later.
starts as (
    select
        runs.run_as_of,
        averages.half_days,
        calendar_days.date_day as start_date,
        {{ shifted_month_end('calendar_days.date_day', 3) }} as end_date
    from calendar_days
    inner join runs
        on
            calendar_days.date_day = {{ month_end('calendar_days.date_day') }}
            and calendar_days.date_day >= {{ shifted_month_end('runs.run_as_of + 1', -3 - start_count) }}
            and calendar_days.date_day <= {{ shifted_month_end('runs.run_as_of + 1', -4) }}
    inner join averages
        on runs.run_as_of = averages.run_as_of
),

banded as (
    select
        starts.run_as_of,
        starts.end_date - starts.start_date as day_count,
        {{ order_band('at_start.order_count') }} as order_band,
        {{ missed_band('at_start.order_count', age_at_start, 'at_start.recency_days', half_days) }} as missed_band,
        {{ purchase_rate('at_start.order_count', age_at_start, half_days) }} as pace,
        {{ order_band('at_end.order_count') }} as end_order_band,
        {{ missed_band('at_end.order_count', age_at_end, 'at_end.recency_days', half_days) }} as end_missed_band,
        {{ purchase_rate('at_end.order_count', age_at_end, half_days) }} as end_pace,
        at_end.order_count - at_start.order_count as orders_that_came
    from month_ends_at_start as at_start
    inner join starts
        on at_start.month_end_date = starts.start_date
    inner join month_ends_at_end as at_end
        on at_start.customer_id = at_end.customer_id and starts.end_date = at_end.month_end_date
    inner join customer_totals
        on at_start.customer_id = customer_totals.customer_id
),

-- Far fewer rows, and all that is asked of them later.
final as (
    select
        run_as_of,
        order_band,
        missed_band,
        pace,
        end_order_band,
        end_missed_band,
        cast(count(*) as bigint) as starts,
        cast(sum(case when orders_that_came > 0 then 1 else 0 end) as bigint) as returned,
        cast(sum(orders_that_came) as bigint) as orders_that_came,
        cast(sum(pace * day_count) as bigint) as promised_orders,
        cast(sum(end_pace) as bigint) as end_pace
    from banded
    group by run_as_of, order_band, missed_band, pace, end_order_band, end_missed_band
)

select * from final
