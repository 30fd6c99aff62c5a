with
touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

build_status as (
    select * from {{ source('build_state', 'build_status') }}
),

first_dates as (
    select
        min(touched_dates.business_date) as first_touched_date,
        min(build_status.as_of_date) as last_as_of_date
    from touched_dates
    cross join build_status
),

-- A month that ended since the last run is new, though no order of it is.
started as (
    select
        case
            when last_as_of_date < first_touched_date then last_as_of_date
            else first_touched_date
        end as first_date
    from first_dates
),

final as (
    select {{ month_end('first_date') }} as month_end_date
    from started
)

select * from final
