with
customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

orders as (
    select * from {{ ref('fct_orders') }}
),

joined_later as (
    select customer_id
    from orders
    where is_loyalty
    group by customer_id
    having min(customer_order_number) > 1
),

final as (
    select
        customers.customer_id,
        customers.loyalty_joined_date
    from customers
    inner join joined_later
        on customers.customer_id = joined_later.customer_id
)

select * from final
