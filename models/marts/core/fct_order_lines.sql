{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'changes': 'int_changed_orders', 'changed_dates': ['int_changed_dates']}
) }}

-- Rows to replace are looked for on its dates:
-- depends_on: {{ ref('int_changed_dates') }}

with
order_lines as (
    select * from {{ ref('int_order_lines') }}
),

dayparts as (
    select * from {{ ref('dayparts') }}
),

final as (
    select
        order_lines.order_id,
        order_lines.lineitem_id,
        order_lines.customer_id,
        order_lines.location_id,
        order_lines.app_name,
        order_lines.ordered_at_utc,
        order_lines.ordered_at_local,
        order_lines.business_date,
        order_lines.order_hour,
        cast(dayparts.daypart as varchar(64)) as daypart,
        order_lines.item_category,
        order_lines.item_name,
        order_lines.item_quantity,
        order_lines.item_amount,
        order_lines.option_amount,
        {{ money('order_lines.item_amount + order_lines.option_amount') }} as gross_revenue,
        order_lines.discount_amount,
        {{ money(
            'order_lines.item_amount + order_lines.option_amount - order_lines.discount_amount'
        ) }} as net_revenue,
        order_lines.discount_amount > 0 as is_discounted,
        order_lines.is_loyalty
    from order_lines
    left join dayparts
        on order_lines.order_hour = dayparts.hour
    where order_lines.line_kind = 'sale'
)

select * from final
