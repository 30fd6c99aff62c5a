select
    {place} as place,
    weekly.item_category,
    cast(periods.weeks as bigint) as weeks,
    cast(sum(is_now * weekly.item_quantity) as bigint) as item_quantity,
    cast(sum(is_now * weekly.net_revenue) * 100 as bigint) as net_revenue,
    cast(sum(is_before * weekly.net_revenue) * 100 as bigint) as net_revenue_before,
    cast(sum(is_comparable * is_now * weekly.net_revenue) * 100 as bigint) as comparable_net_revenue,
    cast(sum(is_comparable * is_before * weekly.net_revenue) * 100 as bigint) as comparable_net_revenue_before
from marts.sales_by_category_weekly as weekly
inner join {periods} as periods
    on weekly.week_start_date between periods.first_week and periods.last_week
inner join {location_periods} as locations
    on weekly.location_id = locations.location_id and periods.weeks = locations.weeks
inner join marts.dim_locations
    on weekly.location_id = dim_locations.location_id
where weekly.is_complete_period
group by {place}, weekly.item_category, periods.weeks
order by place, item_category, weeks
