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

line_sums as (
    select
        order_lines.order_id,
        -- Not rounded here: every row of a mart rounds its own sum, once.
        cast(
            sum({{ food_cost('order_lines.gross_revenue', 'category_costs.food_cost_rate') }}) as decimal(28, 6)
        ) as exact_food_cost,
        sum(case when order_lines.is_discounted then order_lines.gross_revenue else 0 end)
            as discounted_line_gross_revenue
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
        {{ money('sum(line_sums.discounted_line_gross_revenue)') }} as discounted_line_gross_revenue,
        cast(sum(line_sums.exact_food_cost) as decimal(28, 6)) as exact_food_cost
    from orders
    inner join line_sums
        on orders.order_id = line_sums.order_id
    group by orders.business_date, orders.location_id, orders.is_discounted
)

select * from final
