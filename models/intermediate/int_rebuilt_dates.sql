with
touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

rebuilt_orders as (
    select * from {{ ref('int_rebuilt_orders') }}
),

final as (
    select business_date
    from touched_dates

    union distinct

    select business_date
    from rebuilt_orders
    where business_date is not null
)

select * from final
