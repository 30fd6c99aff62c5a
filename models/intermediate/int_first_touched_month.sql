with
touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

build_status as (
    select * from {{ source('build_state', 'build_status') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

first_touched as (
    select min(business_date) as business_date
    from touched_dates
),

-- Months that ended since the last run are new, and when the as-of date goes back some are complete no longer, though
-- no order of theirs is touched.
first_dates as (
    select
        case
            when first_touched.business_date is not null
                then least(
                    first_touched.business_date,
                    coalesce(build_status.as_of_date + 1, first_touched.business_date),
                    coalesce(as_of.as_of_date + 1, first_touched.business_date)
                )
        end as first_date
    from first_touched
    cross join build_status
    cross join as_of
),

final as (
    select {{ month_end('first_date') }} as month_end_date
    from first_dates
)

select * from final
