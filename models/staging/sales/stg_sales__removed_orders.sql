with
removed as (
    select * from {{ source('sales', 'removed_orders') }}
),

final as (
    select
        cast({{ clean_text('order_id') }} as varchar(64)) as order_id,
        load_id
    from removed
)

select * from final
