-- Comparable is, by the rule of sales_like_for_like_monthly, a restaurant that was open a year before and has an order
-- in both periods.
select
    weekly.location_id,
    periods.weeks,
    sum(periods.is_now * weekly.order_count) as order_count,
    sum(periods.is_before * weekly.order_count) as order_count_before,
    sum(periods.is_now * weekly.net_revenue) as net_revenue,
    sum(periods.is_before * weekly.net_revenue) as net_revenue_before,
    case
        when
            dim_locations.first_order_date <= periods.first_week_before + 2
            and sum(periods.is_now * weekly.order_count) > 0
            and sum(periods.is_before * weekly.order_count) > 0
            then 1
        else 0
    end as is_comparable
from marts.sales_weekly as weekly
inner join {periods} as periods
    on weekly.week_start_date between periods.first_week and periods.last_week
inner join marts.dim_locations
    on weekly.location_id = dim_locations.location_id
where weekly.is_complete_period
group by weekly.location_id, periods.weeks, periods.first_week_before, dim_locations.first_order_date
