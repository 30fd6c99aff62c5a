with
options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

latest_loads as (
    select
        order_id,
        lineitem_id,
        max(load_id) as load_id
    from options
    group by order_id, lineitem_id
),

final as (
    select
        options.order_id,
        options.lineitem_id,
        options.option_group_name,
        options.option_name,
        options.option_price,
        options.option_quantity,
        {{ whole_number('count(*)') }} as copy_count
    from options
    inner join latest_loads
        on
            options.order_id = latest_loads.order_id
            and options.lineitem_id = latest_loads.lineitem_id
            and options.load_id = latest_loads.load_id
    group by
        options.order_id,
        options.lineitem_id,
        options.option_group_name,
        options.option_name,
        options.option_price,
        options.option_quantity
)

select * from final
