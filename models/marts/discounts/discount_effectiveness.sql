with
orders as (
    select * from {{ ref('fct_orders') }}
),

food_costs as (
    select * from {{ ref('int_order_food_costs') }}
),

both_kinds as (
    select true as is_discounted
    union all
    select false as is_discounted
),

totals as (
    select
        orders.is_discounted,
        count(*) as order_count,
        sum(orders.item_quantity) as item_quantity,
        sum(orders.gross_revenue) as gross_revenue,
        sum(orders.discount_amount) as discount_amount,
        sum(orders.net_revenue) as net_revenue,
        round(sum(food_costs.exact_food_cost), 2) as estimated_food_cost
    from orders
    inner join food_costs
        on orders.order_id = food_costs.order_id
    group by orders.is_discounted
),

filled as (
    select
        both_kinds.is_discounted,
        {{ whole_number('coalesce(totals.order_count, 0)') }} as order_count,
        {{ whole_number('sum(coalesce(totals.order_count, 0)) over ()') }} as company_order_count,
        {{ whole_number('coalesce(totals.item_quantity, 0)') }} as item_quantity,
        {{ money('coalesce(totals.gross_revenue, 0)') }} as gross_revenue,
        {{ money('coalesce(totals.discount_amount, 0)') }} as discount_amount,
        {{ money('coalesce(totals.net_revenue, 0)') }} as net_revenue,
        {{ money('coalesce(totals.estimated_food_cost, 0)') }} as estimated_food_cost
    from both_kinds
    left join totals
        on both_kinds.is_discounted = totals.is_discounted
),

final as (
    select
        is_discounted,
        order_count,
        {{ percentage('order_count', 'company_order_count') }} as order_share_pct,
        item_quantity,
        gross_revenue,
        discount_amount,
        net_revenue,
        {{ average('gross_revenue', 'order_count') }} as average_gross_order_value,
        {{ average('net_revenue', 'order_count') }} as average_order_value,
        {{ percentage('discount_amount', 'gross_revenue') }} as average_discount_pct,
        estimated_food_cost,
        {{ money('net_revenue - estimated_food_cost') }} as estimated_gross_profit,
        {{ percentage('net_revenue - estimated_food_cost', 'net_revenue') }} as estimated_margin_pct
    from filled
)

select * from final
