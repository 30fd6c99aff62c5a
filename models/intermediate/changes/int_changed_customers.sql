with
changed_orders as (
    select * from {{ ref('int_changed_orders') }}
),

-- A full refresh looks at all customers, and needs no list of them.
order_headers as (
    select * from {{ ref('int_order_headers') }}
    where {{ 'true' if is_changed_only() else 'false' }}
),

final as (
    select
        customer_id,
        ordered_at_utc
    from changed_orders
    where customer_id is not null

    union distinct

    select
        customer_id,
        ordered_at_utc
    from order_headers
    where customer_id is not null
)

select * from final
