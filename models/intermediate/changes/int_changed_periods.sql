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

-- A period becomes complete, or is no longer, where the first or the last date moves, also if no order has changed.
-- Dates that stay are left out: month ends follow from the earliest change, which would be the first of all.
moved_dates as (
    {% for date in ['first_business_date', 'as_of_date'] -%}
    select
        run_state.{{ date }} as date_before,
        as_of.{{ date }} as date_now
    from run_state
    cross join as_of
    where coalesce(run_state.{{ date }} <> as_of.{{ date }}, true)
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

dates as (
    select business_date
    from changed_dates

    union distinct

    select date_before as business_date
    from moved_dates

    union distinct

    select date_now as business_date
    from moved_dates
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
