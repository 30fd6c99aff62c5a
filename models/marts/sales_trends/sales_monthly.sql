with
daily as (
    select * from {{ ref('sales_daily') }}
),

location_days as (
    select * from {{ ref('sales_daily') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

periods as (
    select
        date_day,
        month_start_date,
        {{ month_end('date_day') }} as period_end_date
    from dates
),

{{ sales_by_period('month_start_date', 'order_count') }}

select * from final
