with
landed as (
    select * from {{ source('sales', 'order_item_options') }}
),

final as (
    select
        -- ids
        cast({{ clean_text('order_id') }} as varchar(64)) as order_id,
        cast({{ clean_text('lineitem_id') }} as varchar(64)) as lineitem_id,

        -- text
        cast({{ clean_text('option_group_name') }} as varchar(512)) as option_group_name,
        cast({{ clean_text('option_name') }} as varchar(512)) as option_name,

        -- numbers
        option_price,
        option_quantity,

        -- where it came from
        _load_id as load_id,
        _source_row_number as source_row_number
    from landed
)

select * from final
