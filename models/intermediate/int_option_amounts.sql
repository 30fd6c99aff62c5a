{% set per_unit = choice_var('option_price_basis', ['per_line', 'per_unit']) == 'per_unit' %}

with
options as (
    select * from {{ ref('int_current_options') }}
),

order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

final as (
    select
        options.order_id,
        options.lineitem_id,
        options.option_group_name,
        options.option_name,
        options.option_price,
        options.option_quantity,
        {{ money(
            'round(cast(options.option_price as decimal(20, 4)) * cast(options.option_quantity as decimal(9, 0))'
            ~ (' * cast(order_lines.item_quantity as decimal(9, 0))' if per_unit else '')
            ~ ', 2)'
        ) }} as amount
    from options
    inner join order_lines
        on
            options.order_id = order_lines.order_id
            and options.lineitem_id = order_lines.lineitem_id
)

select * from final
