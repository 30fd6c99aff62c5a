with
discount_days as (
    select * from {{ ref('int_discount_days') }}
),

both_kinds as (
    select true as is_discounted
    union all
    select false as is_discounted
),

totals as (
    select
        is_discounted,
        sum(order_count) as order_count,
        sum(item_quantity) as item_quantity,
        sum(gross_revenue) as gross_revenue,
        sum(discount_amount) as discount_amount,
        sum(net_revenue) as net_revenue,
        sum(discounted_line_gross_revenue) as discounted_line_gross_revenue,
        round(sum(exact_food_cost), 2) as estimated_food_cost
    from discount_days
    group by is_discounted
),

filled as (
    select
        both_kinds.is_discounted,
        cast(coalesce(totals.order_count, 0) as bigint) as order_count,
        cast(sum(coalesce(totals.order_count, 0)) over () as bigint) as company_order_count,
        cast(coalesce(totals.item_quantity, 0) as bigint) as item_quantity,
        {{ money('coalesce(totals.gross_revenue, 0)') }} as gross_revenue,
        {{ money('coalesce(totals.discount_amount, 0)') }} as discount_amount,
        {{ money('coalesce(totals.net_revenue, 0)') }} as net_revenue,
        {{ money('coalesce(totals.discounted_line_gross_revenue, 0)') }} as discounted_line_gross_revenue,
        {{ money('coalesce(totals.estimated_food_cost, 0)') }} as estimated_food_cost,
        {{ money('coalesce(totals.net_revenue - totals.estimated_food_cost, 0)') }} as estimated_gross_profit
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
        estimated_gross_profit,
        {{ percentage('estimated_gross_profit', 'net_revenue') }} as estimated_margin_pct,
        {{ average('item_quantity', 'order_count') }} as average_items_per_order,
        discounted_line_gross_revenue,
        {{ percentage('discount_amount', 'discounted_line_gross_revenue') }} as average_line_discount_pct,
        case
            when estimated_gross_profit > 0 then {{ percentage('discount_amount', 'estimated_gross_profit') }}
        end as break_even_order_uplift_pct
    from filled
)

select * from final
