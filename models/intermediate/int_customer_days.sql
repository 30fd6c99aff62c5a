with
orders as (
    select * from {{ ref('fct_orders') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

final as (
    select
        orders.customer_id,
        orders.business_date,
        {{ whole_number('count(*)') }} as order_count,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    group by orders.customer_id, orders.business_date
)

select * from final
