with
loyalty_orders as (
    select * from {{ ref('fct_orders') }}
    where is_loyalty and customer_id is not null
),

final as (
    select
        customer_id,
        min(customer_order_number) as joining_order_number
    from loyalty_orders
    group by customer_id
)

select * from final
