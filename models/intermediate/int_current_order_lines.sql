with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by order_id, lineitem_id
            order by load_id desc, source_row_number desc
        ) as version_number
    from order_items
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
