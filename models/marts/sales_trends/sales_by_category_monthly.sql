{{ config(
    materialized='incremental',
    unique_key='month_start_date',
    meta={'changes': 'int_changed_periods'}
) }}

with
daily as (
    select * from {{ ref('sales_by_category_daily') }}
),

location_days as (
    select * from {{ ref('sales_daily') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
    where {{ changed_only('month_start_date', ref('int_changed_periods')) }}
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

{{ sales_by_period('month_start_date', 'orders_with_category', more_keys=['item_category']) }}

select * from final
