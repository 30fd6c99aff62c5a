with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

category_costs as (
    select * from {{ ref('menu_category_costs') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

recent_lines as (
    select
        order_lines.*,
        cast(coalesce(order_lines.item_name, '(none)') as varchar(512)) as menu_item_name
    from order_lines
    cross join as_of
    where order_lines.business_date > as_of.as_of_date - {{ var('menu_window_days') }}
),

items as (
    select
        recent_lines.item_category,
        recent_lines.menu_item_name as item_name,
        cast(sum(recent_lines.item_quantity) as bigint) as item_quantity,
        cast(count(distinct recent_lines.order_id) as bigint) as order_count,
        {{ money('sum(recent_lines.net_revenue)') }} as net_revenue,
        {{ money(
            'round(sum(' ~ food_cost('recent_lines.gross_revenue', 'category_costs.food_cost_rate') ~ '), 2)'
        ) }} as estimated_food_cost
    from recent_lines
    left join category_costs
        on recent_lines.item_category = category_costs.item_category
    group by recent_lines.item_category, recent_lines.menu_item_name
    having sum(recent_lines.item_quantity) > 0
),

profits as (
    select
        *,
        {{ money('net_revenue - estimated_food_cost') }} as estimated_gross_profit
    from items
),

categories as (
    select
        item_category,
        count(*) as item_count,
        cast(sum(item_quantity) as bigint) as item_quantity,
        {{ money('sum(estimated_gross_profit)') }} as estimated_gross_profit
    from profits
    group by item_category
),

-- Shares and profits a piece are compared crosswise, without dividing.
judged as (
    select
        profits.*,
        {{ percentage('profits.item_quantity', 'categories.item_quantity') }} as quantity_share_pct,
        10 * categories.item_count * profits.item_quantity >= 7 * categories.item_quantity as is_popular,
        {{ in_38_digits('100 * profits.estimated_gross_profit') }} * categories.item_quantity
        >= {{ in_38_digits('100 * categories.estimated_gross_profit') }} * profits.item_quantity as is_profitable
    from profits
    inner join categories
        on profits.item_category = categories.item_category
),

final as (
    select
        item_category,
        item_name,
        item_quantity,
        order_count,
        net_revenue,
        estimated_food_cost,
        estimated_gross_profit,
        quantity_share_pct,
        cast(case
            when is_popular and is_profitable then 'star'
            when is_popular then 'plowhorse'
            when is_profitable then 'puzzle'
            else 'dog'
        end as varchar(16)) as menu_class
    from judged
)

select * from final
