{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'touched': 'int_touched_dates'}
) }}

with
orders as (
    select * from {{ ref('fct_orders') }}
),

food_costs as (
    select * from {{ ref('int_order_food_costs') }}
),

touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

final as (
    select
        orders.business_date,
        orders.location_id,
        orders.is_discounted,
        {{ whole_number('count(*)') }} as order_count,
        {{ whole_number('sum(orders.item_quantity)') }} as item_quantity,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue,
        cast(sum(food_costs.exact_food_cost) as decimal(28, 6)) as exact_food_cost
    from orders
    inner join touched_dates
        on orders.business_date = touched_dates.business_date
    inner join food_costs
        on orders.order_id = food_costs.order_id
    group by orders.business_date, orders.location_id, orders.is_discounted
)

select * from final
