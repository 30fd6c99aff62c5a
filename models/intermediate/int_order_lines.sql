{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'touched': 'int_touched_orders', 'touched_dates': 'int_touched_dates'}
) }}

-- Noted before the first row of such a date is written:
-- depends_on: {{ ref('int_touched_dates') }}

{% set per_unit = var('item_price_basis') == 'unit' %}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

order_heads as (
    select * from {{ ref('int_order_heads') }}
),

option_amounts as (
    select * from {{ ref('int_option_amounts') }}
),

options_per_line as (
    select
        order_id,
        lineitem_id,
        sum(case when amount > 0 then amount else 0 end) as option_amount,
        sum(case when amount < 0 then -amount else 0 end) as discount_amount
    from option_amounts
    group by order_id, lineitem_id
),

final as (
    select
        order_lines.order_id,
        order_lines.lineitem_id,
        order_heads.customer_id,
        order_heads.location_id,
        order_heads.app_name,
        order_heads.ordered_at_utc,
        order_heads.ordered_at_local,
        order_heads.business_date,
        order_heads.order_hour,
        order_lines.item_category,
        order_lines.item_name,
        order_lines.item_quantity,
        {{ money(
            'round(cast(order_lines.item_price as decimal(20, 4))'
            ~ (' * cast(order_lines.item_quantity as decimal(9, 0))' if per_unit else '')
            ~ ', 2)'
        ) }} as item_amount,
        {{ money('coalesce(options_per_line.option_amount, 0)') }} as option_amount,
        {{ money('coalesce(options_per_line.discount_amount, 0)') }} as discount_amount,
        order_heads.is_loyalty,
        cast(case
            when order_lines.currency <> '{{ var("reporting_currency") | upper }}' then 'other_currency'
            when order_heads.is_excluded_app then 'excluded_app'
            else 'sale'
        end as varchar(16)) as line_kind
    from order_lines
    inner join order_heads
        on order_lines.order_id = order_heads.order_id
    left join options_per_line
        on
            order_lines.order_id = options_per_line.order_id
            and order_lines.lineitem_id = options_per_line.lineitem_id
)

select * from final
