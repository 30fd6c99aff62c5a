{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'touched': 'int_touched_dates'}
) }}

with
orders as (
    select * from {{ ref('fct_orders') }}
),

touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

final as (
    select
        orders.business_date,
        orders.location_id,
        orders.daypart,
        {{ whole_number('count(*)') }} as order_count,
        {{ whole_number('sum(orders.item_quantity)') }} as item_quantity,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue
    from orders
    inner join touched_dates
        on orders.business_date = touched_dates.business_date
    group by orders.business_date, orders.location_id, orders.daypart
)

select * from final
