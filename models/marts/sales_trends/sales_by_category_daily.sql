{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'changes': 'int_changed_dates'}
) }}

with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where {{ changed_only('business_date', ref('int_changed_dates')) }}
),

final as (
    select
        order_lines.business_date,
        order_lines.location_id,
        order_lines.daypart,
        order_lines.item_category,
        cast(count(distinct order_lines.order_id) as bigint) as orders_with_category,
        cast(sum(order_lines.item_quantity) as bigint) as item_quantity,
        {{ money('sum(order_lines.gross_revenue)') }} as gross_revenue,
        {{ money('sum(order_lines.discount_amount)') }} as discount_amount,
        {{ money('sum(order_lines.net_revenue)') }} as net_revenue
    from order_lines
    group by order_lines.business_date, order_lines.location_id, order_lines.daypart, order_lines.item_category
)

select * from final
