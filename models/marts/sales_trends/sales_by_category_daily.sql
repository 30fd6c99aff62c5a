{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'touched': 'int_touched_dates'}
) }}

with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

final as (
    select
        order_lines.business_date,
        order_lines.location_id,
        order_lines.daypart,
        order_lines.item_category,
        {{ whole_number('count(distinct order_lines.order_id)') }} as orders_with_category,
        {{ whole_number('sum(order_lines.item_quantity)') }} as item_quantity,
        {{ money('sum(order_lines.gross_revenue)') }} as gross_revenue,
        {{ money('sum(order_lines.discount_amount)') }} as discount_amount,
        {{ money('sum(order_lines.net_revenue)') }} as net_revenue
    from order_lines
    inner join touched_dates
        on order_lines.business_date = touched_dates.business_date
    group by order_lines.business_date, order_lines.location_id, order_lines.daypart, order_lines.item_category
)

select * from final
