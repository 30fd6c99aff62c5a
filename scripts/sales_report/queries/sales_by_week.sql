-- Two years of complete weeks: the later one is compared with the earlier one.
select
    {place} as place,
    weekly.week_start_date,
    cast(sum(weekly.order_count) as bigint) as order_count,
    cast(sum(weekly.net_revenue) * 100 as bigint) as net_revenue
from marts.sales_weekly as weekly
inner join marts.dim_locations
    on weekly.location_id = dim_locations.location_id
where
    weekly.is_complete_period
    and weekly.week_start_date <= {last_week}
    and weekly.week_start_date > {last_week} - 728
group by {place}, weekly.week_start_date
order by place, weekly.week_start_date
