with
changed_dates as (
    select * from {{ ref('int_changed_dates') }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

first_changed as (
    select min(business_date) as business_date
    from changed_dates
),

-- Months that ended since the last run are new, and when the as-of date goes back some are complete no longer, though
-- no order of theirs has changed.
first_dates as (
    select
        case
            when first_changed.business_date is not null
                then least(
                    first_changed.business_date,
                    coalesce(run_state.as_of_date + 1, first_changed.business_date),
                    coalesce(as_of.as_of_date + 1, first_changed.business_date)
                )
        end as first_date
    from first_changed
    cross join run_state
    cross join as_of
),

final as (
    select {{ month_end('first_date') }} as month_end_date
    from first_dates
)

select * from final
