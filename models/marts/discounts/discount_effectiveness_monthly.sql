with
discount_days as (
    select * from {{ ref('int_discount_days') }}
),

dated as (
    select
        *,
        {{ month_start('business_date') }} as month_start_date
    from discount_days
),

totals as (
    select
        month_start_date,
        location_id,
        is_discounted,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(item_quantity) as bigint) as item_quantity,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue,
        {{ money('round(sum(exact_food_cost), 2)') }} as estimated_food_cost
    from dated
    group by month_start_date, location_id, is_discounted
),

final as (
    select
        *,
        {{ money('net_revenue - estimated_food_cost') }} as estimated_gross_profit
    from totals
)

select * from final
