{{ config(
    materialized='incremental',
    unique_key='week_start_date',
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
    where {{ changed_only('week_start_date', ref('int_changed_periods')) }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

periods as (
    select
        date_day,
        week_start_date,
        week_start_date + 6 as period_end_date
    from dates
),

{{ sales_by_period('week_start_date', 'orders_with_category', more_keys=['item_category']) }}

select * from final
