{{ config(materialized='view', bind=false, meta={'changed_only': true}) }}

{% set per_unit = var('item_price_basis') == 'unit' %}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

order_headers as (
    select * from {{ ref('int_order_headers') }}
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
        order_headers.customer_id,
        order_headers.location_id,
        order_headers.app_name,
        order_headers.ordered_at_utc,
        order_headers.ordered_at_local,
        order_headers.business_date,
        order_headers.order_hour,
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
        order_headers.is_loyalty,
        cast(case
            when order_lines.currency <> '{{ var("reporting_currency") | upper }}' then 'other_currency'
            when order_headers.is_excluded_app then 'excluded_app'
            {%- if var('as_of_date') %}
            when order_headers.business_date > cast('{{ var("as_of_date") }}' as date) then 'after_as_of_date'
            {%- endif %}
            else 'sale'
        end as varchar(16)) as line_kind
    from order_lines
    inner join order_headers
        on order_lines.order_id = order_headers.order_id
    left join options_per_line
        on
            order_lines.order_id = options_per_line.order_id
            and order_lines.lineitem_id = options_per_line.lineitem_id
)

select * from final
