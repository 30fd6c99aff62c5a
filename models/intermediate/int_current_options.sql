with
options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
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
        max(load_id) as load_id
    from touched_options
    group by order_id, lineitem_id
),

final as (
    select
        touched_options.order_id,
        touched_options.lineitem_id,
        touched_options.option_group_name,
        touched_options.option_name,
        touched_options.option_price,
        touched_options.option_quantity,
        {{ whole_number('count(*)') }} as copy_count
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
        touched_options.option_quantity
)

select * from final
