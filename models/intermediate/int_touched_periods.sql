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

-- A period ends, or is over no longer, when the as-of date passes its last day, whether or not its orders are touched.
dates as (
    select business_date
    from touched_dates

    union distinct

    select as_of_date as business_date
    from build_status

    union distinct

    select as_of_date as business_date
    from as_of
),

final as (
    select distinct
        {{ week_start('business_date') }} as week_start_date,
        {{ month_start('business_date') }} as month_start_date
    from dates
    where business_date is not null
)

select * from final
