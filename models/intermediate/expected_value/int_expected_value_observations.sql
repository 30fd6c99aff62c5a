{% set start_count = var('expected_value_start_count') %}
{% set prior_days = 'starts.prior_days' %}
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

dates as (
    select * from {{ ref('dim_dates') }}
),

runs as (
    select * from {{ ref('int_expected_value_runs') }}
    where month_end_count >= {{ var('expected_value_min_month_ends') }}
),

priors as (
    select * from {{ ref('int_expected_value_priors') }}
    where prior_days is not null
),

-- The latest month ends with a complete one three months later.
starts as (
    select
        runs.run_as_of,
        priors.prior_days,
        dates.date_day as start_date,
        {{ shifted_month_end('dates.date_day', 3) }} as end_date
    from dates
    inner join runs
        on
            dates.date_day = {{ month_end('dates.date_day') }}
            and dates.date_day >= {{ shifted_month_end('runs.run_as_of + 1', -3 - start_count) }}
            and dates.date_day <= {{ shifted_month_end('runs.run_as_of + 1', -4) }}
    inner join priors
        on runs.run_as_of = priors.run_as_of
),

banded as (
    select
        starts.run_as_of,
        starts.end_date - starts.start_date as day_count,
        {{ order_band('at_start.order_count') }} as order_band,
        {{ missed_band('at_start.order_count', age_at_start, 'at_start.recency_days', prior_days) }} as missed_band,
        {{ purchase_rate('at_start.order_count', age_at_start, prior_days) }} as purchase_rate,
        {{ order_band('at_end.order_count') }} as end_order_band,
        {{ missed_band('at_end.order_count', age_at_end, 'at_end.recency_days', prior_days) }} as end_missed_band,
        {{ purchase_rate('at_end.order_count', age_at_end, prior_days) }} as end_purchase_rate,
        at_end.order_count - at_start.order_count as actual_orders
    from month_ends_at_start as at_start
    inner join starts
        on at_start.month_end_date = starts.start_date
    inner join month_ends_at_end as at_end
        on at_start.customer_id = at_end.customer_id and starts.end_date = at_end.month_end_date
    inner join customer_totals
        on at_start.customer_id = customer_totals.customer_id
),

-- Grouped: far fewer rows, and all that the later steps need.
final as (
    select
        run_as_of,
        order_band,
        missed_band,
        purchase_rate,
        end_order_band,
        end_missed_band,
        cast(count(*) as bigint) as starts,
        cast(sum(case when actual_orders > 0 then 1 else 0 end) as bigint) as returned,
        cast(sum(actual_orders) as bigint) as actual_orders,
        cast(sum(purchase_rate * day_count) as bigint) as orders_expected_at_own_rate,
        cast(sum(end_purchase_rate) as bigint) as end_purchase_rate
    from banded
    group by run_as_of, order_band, missed_band, purchase_rate, end_order_band, end_missed_band
)

select * from final
