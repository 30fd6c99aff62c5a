{{ config(severity='warn') }}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

order_heads as (
    select * from {{ ref('int_order_heads') }}
),

final as (
    select
        order_lines.order_id,
        count(*) as line_count
    from order_lines
    inner join order_heads
        on order_lines.order_id = order_heads.order_id
    where
        order_lines.location_id <> order_heads.location_id
        or order_lines.ordered_at_utc <> order_heads.ordered_at_utc
        or coalesce(order_lines.customer_id, '') <> coalesce(order_heads.customer_id, '')
        or coalesce(order_lines.app_name, '') <> coalesce(order_heads.app_name, '')
        or order_lines.is_loyalty <> order_heads.is_loyalty
    group by order_lines.order_id
)

select * from final
