select
    {place} as place,
    cast(periods.weeks as bigint) as weeks,
    cast(sum(case when periods.order_count > 0 then 1 else 0 end) as bigint) as location_count,
    cast(sum(periods.order_count) as bigint) as order_count,
    cast(sum(periods.order_count_before) as bigint) as order_count_before,
    cast(sum(periods.net_revenue) * 100 as bigint) as net_revenue,
    cast(sum(periods.net_revenue_before) * 100 as bigint) as net_revenue_before,
    cast(sum(is_comparable) as bigint) as comparable_location_count,
    cast(sum(is_comparable * periods.order_count) as bigint) as comparable_order_count,
    cast(sum(is_comparable * periods.order_count_before) as bigint) as comparable_order_count_before,
    cast(sum(is_comparable * periods.net_revenue) * 100 as bigint) as comparable_net_revenue,
    cast(sum(is_comparable * periods.net_revenue_before) * 100 as bigint) as comparable_net_revenue_before
from {location_periods} as periods
inner join marts.dim_locations
    on periods.location_id = dim_locations.location_id
group by {place}, periods.weeks
order by place, weeks
