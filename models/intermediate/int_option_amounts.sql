{% set per_unit = var('option_price_basis') == 'per_unit' %}

with
options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

touched_options as (
    select options.*
    from options
    inner join touched_orders
        on
            options.order_id = touched_orders.order_id
            and options.load_id = touched_orders.load_id
),

latest_loads as (
    select
        order_id,
        lineitem_id,
        max(load_id) as load_id,
        min(load_id) < max(load_id) as has_replaced_set
    from touched_options
    group by order_id, lineitem_id
),

current_options as (
    select
        touched_options.order_id,
        touched_options.lineitem_id,
        touched_options.option_group_name,
        touched_options.option_name,
        touched_options.option_price,
        touched_options.option_quantity,
        latest_loads.has_replaced_set,
        count(*) as copy_count
    from touched_options
    inner join latest_loads
        on
            touched_options.order_id = latest_loads.order_id
            and touched_options.lineitem_id = latest_loads.lineitem_id
            and touched_options.load_id = latest_loads.load_id
    group by
        touched_options.order_id,
        touched_options.lineitem_id,
        touched_options.option_group_name,
        touched_options.option_name,
        touched_options.option_price,
        touched_options.option_quantity,
        latest_loads.has_replaced_set
),

final as (
    select
        current_options.order_id,
        current_options.lineitem_id,
        current_options.option_group_name,
        current_options.option_name,
        current_options.option_price,
        current_options.option_quantity,
        {{ whole_number('current_options.copy_count') }} as copy_count,
        current_options.has_replaced_set,
        order_lines.order_id is null as is_orphan,
        case when order_lines.order_id is not null then {{ money(
            'round(cast(current_options.option_price as decimal(20, 4))'
            ~ ' * cast(current_options.option_quantity as decimal(9, 0))'
            ~ (' * cast(order_lines.item_quantity as decimal(9, 0))' if per_unit else '')
            ~ ', 2)'
        ) }} end as amount
    from current_options
    left join order_lines
        on
            current_options.order_id = order_lines.order_id
            and current_options.lineitem_id = order_lines.lineitem_id
)

select * from final
