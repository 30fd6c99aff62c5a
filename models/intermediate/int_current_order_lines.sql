with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

touched_lines as (
    select order_items.*
    from order_items
    inner join touched_orders
        on
            order_items.order_id = touched_orders.order_id
            and order_items.load_id = touched_orders.load_id
),

-- Few lines come more than once; numbering the versions of all would take most of the time.
repeated_lines as (
    select
        order_id,
        lineitem_id
    from touched_lines
    group by order_id, lineitem_id
    having count(*) > 1
),

numbered as (
    select
        touched_lines.load_id,
        touched_lines.source_row_number,
        row_number() over (
            partition by touched_lines.order_id, touched_lines.lineitem_id
            order by touched_lines.load_id desc, touched_lines.source_row_number desc
        ) as version_number
    from touched_lines
    inner join repeated_lines
        on
            touched_lines.order_id = repeated_lines.order_id
            and touched_lines.lineitem_id = repeated_lines.lineitem_id
),

superseded_rows as (
    select
        load_id,
        source_row_number
    from numbered
    where version_number > 1
),

final as (
    select
        touched_lines.order_id,
        touched_lines.lineitem_id,
        touched_lines.location_id,
        touched_lines.customer_id,
        touched_lines.app_name,
        touched_lines.item_category,
        touched_lines.item_name,
        touched_lines.currency,
        touched_lines.item_price,
        touched_lines.item_quantity,
        touched_lines.is_loyalty,
        touched_lines.ordered_at_utc
    from touched_lines
    left join superseded_rows
        on
            touched_lines.load_id = superseded_rows.load_id
            and touched_lines.source_row_number = superseded_rows.source_row_number
    where superseded_rows.load_id is null
)

select * from final
