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

-- A period ends, or is no longer complete, as the as-of date moves, whether or not its orders have changed.
dates as (
    select business_date
    from changed_dates

    union distinct

    select as_of_date as business_date
    from run_state

    union distinct

    select as_of_date as business_date
    from as_of
),

final as (
    select distinct
        {{ week_start('business_date') }} as week_start_date,
        {{ month_start('business_date') }} as month_start_date,
        {{ month_end('business_date') }} as month_end_date
    from dates
    where business_date is not null
)

select * from final
