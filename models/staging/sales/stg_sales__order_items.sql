with
landed as (
    select * from {{ source('sales', 'order_items') }}
),

corrections as (
    select * from {{ ref('menu_category_corrections') }}
),

cleaned as (
    select
        -- ids
        cast({{ clean_text('order_id') }} as varchar(64)) as order_id,
        cast({{ clean_text('lineitem_id') }} as varchar(64)) as lineitem_id,
        cast({{ clean_text('restaurant_id') }} as varchar(64)) as location_id,
        cast({{ clean_text('user_id') }} as varchar(64)) as customer_id,

        -- text
        cast({{ clean_text('app_name') }} as varchar(512)) as app_name,
        cast({{ clean_text(remove_pasted_urls('item_category')) }} as varchar(512)) as written_category,
        cast({{ clean_text('item_name') }} as varchar(512)) as item_name,
        cast(currency as varchar(3)) as currency,

        -- numbers
        item_price,
        item_quantity,

        -- booleans
        is_loyalty,

        -- times
        creation_time_utc as ordered_at_utc,

        -- where it came from
        _load_id as load_id,
        _source_row_number as source_row_number
    from landed
),

final as (
    select
        cleaned.order_id,
        cleaned.lineitem_id,
        cleaned.location_id,
        cleaned.customer_id,
        cleaned.app_name,
        cast(
            coalesce(
                case when corrections.raw is null then cleaned.written_category else corrections.corrected end,
                'Uncategorised'
            ) as varchar(512)
        ) as item_category,
        cleaned.item_name,
        cleaned.currency,
        cleaned.item_price,
        cleaned.item_quantity,
        cleaned.is_loyalty,
        cleaned.ordered_at_utc,
        cleaned.load_id,
        cleaned.source_row_number
    from cleaned
    left join corrections
        on cleaned.written_category = corrections.raw
)

select * from final
