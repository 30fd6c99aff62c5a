{{ config(meta={'changed_only': true}) }}

{% set per_unit = var('option_price_basis') == 'per_unit' %}

with
options as (
    select * from {{ ref('stg_sales__order_item_options') }}
    where {{ changed_only('order_id', ref('int_changed_orders')) }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

seen_options as (
    select *
    from options
    where load_id <= (select run_state.seen_load_id from run_state)
),

latest_loads as (
    select
        order_id,
        lineitem_id,
        max(load_id) as load_id,
        min(load_id) < max(load_id) as has_replaced_set
    from seen_options
    group by order_id, lineitem_id
),

current_options as (
    select
        seen_options.order_id,
        seen_options.lineitem_id,
        seen_options.option_group_name,
        seen_options.option_name,
        seen_options.option_price,
        seen_options.option_quantity,
        latest_loads.has_replaced_set,
        count(*) as copy_count
    from seen_options
    inner join latest_loads
        on
            seen_options.order_id = latest_loads.order_id
            and seen_options.lineitem_id = latest_loads.lineitem_id
            and seen_options.load_id = latest_loads.load_id
    group by
        seen_options.order_id,
        seen_options.lineitem_id,
        seen_options.option_group_name,
        seen_options.option_name,
        seen_options.option_price,
        seen_options.option_quantity,
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
        cast(current_options.copy_count as bigint) as copy_count,
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
