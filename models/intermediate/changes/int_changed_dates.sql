with
changed_orders as (
    select * from {{ ref('int_changed_orders') }}
),

order_headers as (
    select * from {{ ref('int_order_headers') }}
),

final as (
    select business_date
    from changed_orders
    where business_date is not null

    union distinct

    select business_date
    from order_headers
)

select * from final
