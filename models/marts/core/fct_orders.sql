{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'changes': 'int_refreshed_orders', 'changed_dates': ['int_changed_dates', 'int_refreshed_orders']}
) }}

with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where {{ changed_only(
        'order_id', ref('int_refreshed_orders'), dates=[ref('int_changed_dates'), ref('int_refreshed_orders')]
    ) }}
),

refreshed_orders as (
    select * from {{ ref('int_refreshed_orders') }}
),

orders as (
    select
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.location_id,
        order_lines.app_name,
        order_lines.ordered_at_utc,
        order_lines.ordered_at_local,
        order_lines.business_date,
        order_lines.order_hour,
        order_lines.daypart,
        order_lines.is_loyalty,
        cast(count(*) as bigint) as line_count,
        cast(sum(order_lines.item_quantity) as bigint) as item_quantity,
        {{ money('sum(order_lines.gross_revenue)') }} as gross_revenue,
        {{ money('sum(order_lines.discount_amount)') }} as discount_amount,
        {{ money('sum(order_lines.net_revenue)') }} as net_revenue,
        refreshed_orders.customer_order_number
    from order_lines
    left join refreshed_orders
        on order_lines.order_id = refreshed_orders.order_id
    group by
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.location_id,
        order_lines.app_name,
        order_lines.ordered_at_utc,
        order_lines.ordered_at_local,
        order_lines.business_date,
        order_lines.order_hour,
        order_lines.daypart,
        order_lines.is_loyalty,
        refreshed_orders.customer_order_number
),

final as (
    select
        order_id,
        customer_id,
        location_id,
        app_name,
        ordered_at_utc,
        ordered_at_local,
        business_date,
        order_hour,
        daypart,
        is_loyalty,
        line_count,
        item_quantity,
        gross_revenue,
        discount_amount,
        net_revenue,
        discount_amount > 0 as is_discounted,
        customer_order_number
    from orders
)

select * from final
