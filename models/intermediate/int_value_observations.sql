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

starts as (
    select * from {{ ref('int_value_starts') }}
),

followed as (
    select
        starts.run_as_of,
        starts.day_count,
        starts.half_days,
        at_start.order_count,
        at_start.recency_days,
        starts.start_date - lifetimes.first_order_date as age_days,
        at_end.order_count as end_order_count,
        at_end.recency_days as end_recency_days,
        starts.end_date - lifetimes.first_order_date as end_age_days
    from month_ends_at_start as at_start
    inner join starts
        on at_start.month_end_date = starts.start_date
    inner join month_ends_at_end as at_end
        on
            at_start.customer_id = at_end.customer_id
            and starts.end_date = at_end.month_end_date
    inner join lifetimes
        on at_start.customer_id = lifetimes.customer_id
),

banded as (
    select
        run_as_of,
        day_count,
        {{ order_band('order_count') }} as order_band,
        {{ missed_band('order_count', 'age_days', 'recency_days', 'half_days') }} as missed_band,
        {{ pace('order_count', 'age_days', 'half_days') }} as pace,
        {{ order_band('end_order_count') }} as end_order_band,
        {{ missed_band('end_order_count', 'end_age_days', 'end_recency_days', 'half_days') }} as end_missed_band,
        {{ pace('end_order_count', 'end_age_days', 'half_days') }} as end_pace,
        end_order_count - order_count as orders_that_came
    from followed
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
        {{ whole_number('count(*)') }} as starts,
        {{ whole_number('sum(case when orders_that_came > 0 then 1 else 0 end)') }} as returned,
        {{ whole_number('sum(orders_that_came)') }} as orders_that_came,
        {{ whole_number('sum(pace * day_count)') }} as promised_orders,
        {{ whole_number('sum(end_pace)') }} as end_pace
    from banded
    group by run_as_of, order_band, missed_band, pace, end_order_band, end_missed_band
)

select * from final
