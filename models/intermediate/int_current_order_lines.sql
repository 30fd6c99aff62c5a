with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

numbered as (
    select
        order_items.*,
        row_number() over (
            partition by order_items.order_id, order_items.lineitem_id
            order by order_items.load_id desc, order_items.source_row_number desc
        ) as version_number
    from order_items
    inner join touched_orders
        on
            order_items.order_id = touched_orders.order_id
            and order_items.load_id = touched_orders.load_id
),

final as (
    select
        order_id,
        lineitem_id,
        location_id,
        customer_id,
        app_name,
        item_category,
        item_name,
        currency,
        item_price,
        item_quantity,
        is_loyalty,
        ordered_at_utc
    from numbered
    where version_number = 1
)

select * from final
