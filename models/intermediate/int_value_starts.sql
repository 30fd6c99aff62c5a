with
customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

runs as (
    select * from {{ ref('int_value_runs') }}
    where month_end_count >= {{ var('expected_value_min_month_ends') }}
),

half_days as (
    select * from {{ ref('int_value_half_days') }}
    where half_days is not null
),

month_ends as (
    select distinct month_end_date
    from customer_month_ends
),

numbered as (
    select
        month_end_date,
        row_number() over (order by month_end_date) as month_number
    from month_ends
),

possible_starts as (
    select
        runs.run_as_of,
        half_days.half_days,
        starts.month_end_date as start_date,
        ends.month_end_date as end_date,
        row_number() over (partition by runs.run_as_of order by starts.month_end_date desc) as latest_number
    from numbered as starts
    inner join numbered as ends
        on starts.month_number + 3 = ends.month_number
    inner join runs
        on ends.month_end_date <= runs.run_as_of
    inner join half_days
        on runs.run_as_of = half_days.run_as_of
),

final as (
    select
        run_as_of,
        start_date,
        end_date,
        {{ whole_number('end_date - start_date') }} as day_count,
        half_days
    from possible_starts
    where latest_number <= {{ var('expected_value_start_count') }}
)

select * from final
