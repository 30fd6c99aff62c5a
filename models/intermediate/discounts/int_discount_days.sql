{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'changes': 'int_changed_dates'}
) }}

with
orders as (
    select * from {{ ref('fct_orders') }}
    where {{ changed_only('business_date', ref('int_changed_dates')) }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where {{ changed_only('business_date', ref('int_changed_dates')) }}
),

category_costs as (
    select * from {{ ref('menu_category_costs') }}
),

food_costs as (
    select
        order_lines.order_id,
        -- Not rounded here: every row of a mart rounds its own sum, once.
        cast(
            sum(
                cast(order_lines.gross_revenue as decimal(20, 2))
                * cast(
                    coalesce(category_costs.food_cost_rate, {{ var('default_food_cost_rate') }}) as decimal(9, 4)
                )
            ) as decimal(28, 6)
        ) as exact_food_cost
    from order_lines
    left join category_costs
        on order_lines.item_category = category_costs.item_category
    group by order_lines.order_id
),

final as (
    select
        orders.business_date,
        orders.location_id,
        orders.is_discounted,
        cast(count(*) as bigint) as order_count,
        cast(sum(orders.item_quantity) as bigint) as item_quantity,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue,
        cast(sum(food_costs.exact_food_cost) as decimal(28, 6)) as exact_food_cost
    from orders
    inner join food_costs
        on orders.order_id = food_costs.order_id
    group by orders.business_date, orders.location_id, orders.is_discounted
)

select * from final
