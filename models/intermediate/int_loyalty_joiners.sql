with
members as (
    select * from {{ ref('dim_customers') }}
    where loyalty_joined_date is not null and not is_excluded
),

first_orders as (
    select * from {{ ref('fct_orders') }}
    where customer_order_number = 1
),

final as (
    select
        members.customer_id,
        members.loyalty_joined_date
    from members
    inner join first_orders
        on members.customer_id = first_orders.customer_id
    where not first_orders.is_loyalty
)

select * from final
