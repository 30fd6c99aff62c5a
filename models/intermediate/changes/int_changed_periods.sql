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

-- A period becomes complete, or is no longer, as the first or the last date moves, also where no order has changed.
dates as (
    select business_date
    from changed_dates
    {% for table in ['run_state', 'as_of'] -%}
    {% for date in ['first_business_date', 'as_of_date'] %}
    union distinct

    select {{ date }} as business_date
    from {{ table }}
    {% endfor -%}
    {% endfor %}
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
