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

final as (
    select
        order_id,
        lineitem_id,
        customer_id,
        ordered_at_utc,
        business_date,
        {{ money('item_amount + option_amount - discount_amount') }} as net_revenue,
        line_kind
    from order_lines
    where line_kind <> 'sale'
)

select * from final
