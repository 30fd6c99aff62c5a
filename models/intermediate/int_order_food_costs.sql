with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

category_costs as (
    select * from {{ ref('menu_category_costs') }}
),

final as (
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
    inner join touched_dates
        on order_lines.business_date = touched_dates.business_date
    left join category_costs
        on order_lines.item_category = category_costs.item_category
    group by order_lines.order_id
)

select * from final
