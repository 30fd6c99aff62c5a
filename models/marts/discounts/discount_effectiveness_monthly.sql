with
orders as (
    select * from {{ ref('fct_orders') }}
),

food_costs as (
    select * from {{ ref('int_order_food_costs') }}
),

orders_by_month as (
    select
        {{ month_start('orders.business_date') }} as month_start_date,
        orders.location_id,
        orders.is_discounted,
        orders.item_quantity,
        orders.gross_revenue,
        orders.discount_amount,
        orders.net_revenue,
        food_costs.exact_food_cost
    from orders
    inner join food_costs
        on orders.order_id = food_costs.order_id
),

totals as (
    select
        month_start_date,
        location_id,
        is_discounted,
        {{ whole_number('count(*)') }} as order_count,
        {{ whole_number('sum(item_quantity)') }} as item_quantity,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('round(sum(exact_food_cost), 2)') }} as estimated_food_cost
    from orders_by_month
    group by month_start_date, location_id, is_discounted
),

final as (
    select
        *,
        {{ money('net_revenue - estimated_food_cost') }} as estimated_gross_profit
    from totals
)

select * from final
