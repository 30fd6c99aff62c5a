{{ config(severity='warn') }}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

order_headers as (
    select * from {{ ref('int_order_headers') }}
),

final as (
    select
        order_lines.order_id,
        count(*) as line_count
    from order_lines
    inner join order_headers
        on order_lines.order_id = order_headers.order_id
    where
        order_lines.location_id <> order_headers.location_id
        or order_lines.ordered_at_utc <> order_headers.ordered_at_utc
        or coalesce(order_lines.customer_id, '') <> coalesce(order_headers.customer_id, '')
        or coalesce(order_lines.app_name, '') <> coalesce(order_headers.app_name, '')
        or order_lines.is_loyalty <> order_headers.is_loyalty
    group by order_lines.order_id
)

select * from final
