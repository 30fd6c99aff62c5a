-- Orders with and without a discount by month.
with
months as (
    select distinct
        month_start_date,
        is_complete_period
    from marts.sales_monthly
)

select
    {place} as place,
    discounts.month_start_date,
    discounts.is_discounted,
    months.is_complete_period,
    cast(sum(discounts.order_count) as bigint) as order_count,
    cast(sum(discounts.gross_revenue) * 100 as bigint) as gross_revenue,
    cast(sum(discounts.discount_amount) * 100 as bigint) as discount_amount,
    cast(sum(discounts.estimated_food_cost) * 100 as bigint) as estimated_food_cost
from marts.discount_effectiveness_monthly as discounts
inner join months
    on discounts.month_start_date = months.month_start_date
inner join marts.dim_locations
    on discounts.location_id = dim_locations.location_id
group by {place}, discounts.month_start_date, discounts.is_discounted, months.is_complete_period
order by place, discounts.month_start_date, discounts.is_discounted
