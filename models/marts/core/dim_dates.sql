{% set month_names = [
    'January', 'February', 'March', 'April', 'May', 'June',
    'July', 'August', 'September', 'October', 'November', 'December'
] %}
{% set day_names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] %}

with
as_of as (
    select * from {{ ref('int_as_of_date') }}
),

holidays as (
    select * from {{ ref('stg_sales__date_dim') }}
),

day_numbers as (
    {{ day_numbers() }}
),

calendar_days as (
    select as_of.first_business_date + day_numbers.day_number as date_day
    from as_of
    inner join day_numbers
        on day_numbers.day_number <= as_of.as_of_date - as_of.first_business_date
),

weeks as (
    select
        date_day,
        {{ week_start('date_day') }} as week_start_date
    from calendar_days
),

weekdays as (
    select
        date_day,
        week_start_date,
        -- The ISO year and week of a date are those of its week's Thursday.
        week_start_date + 3 as thursday,
        cast(date_day - week_start_date + 1 as bigint) as iso_day_of_week
    from weeks
),

final as (
    select
        weekdays.date_day,
        cast(extract(year from weekdays.date_day) as bigint) as year,
        cast(extract(quarter from weekdays.date_day) as bigint) as quarter,
        cast(extract(month from weekdays.date_day) as bigint) as month_number,
        cast(case extract(month from weekdays.date_day)
            {%- for month_name in month_names %}
            when {{ loop.index }} then '{{ month_name }}'
            {%- endfor %}
        end as varchar(16)) as month_name,
        {{ month_start('weekdays.date_day') }} as month_start_date,
        cast(extract(year from weekdays.thursday) as bigint) as iso_year,
        1 + {{ integer_divide('extract(doy from weekdays.thursday) - 1', '7') }} as iso_week,
        weekdays.week_start_date,
        weekdays.iso_day_of_week,
        cast(case weekdays.iso_day_of_week
            {%- for day_name in day_names %}
            when {{ loop.index }} then '{{ day_name }}'
            {%- endfor %}
        end as varchar(16)) as day_name,
        weekdays.iso_day_of_week >= 6 as is_weekend,
        holidays.is_holiday,
        holidays.holiday_name
    from weekdays
    left join holidays
        on weekdays.date_day = holidays.date_day
)

select * from final
