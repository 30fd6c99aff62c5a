-- Averages and ranks are those of the mart where a place is one restaurant, as hundredths; else null.
select
    {place} as place,
    cast(sum(performance.order_count) as bigint) as order_count,
    cast(sum(performance.net_revenue) * 100 as bigint) as net_revenue,
    cast(sum(performance.first_time_customer_count) as bigint) as first_time_customer_count,
    case when count(*) = 1 then max(performance.revenue_rank) end as revenue_rank,
    case when count(*) = 1 then max(performance.recent_revenue_rank) end as recent_revenue_rank,
    case when count(*) = 1 then max(performance.recent_performance_band) end as recent_performance_band,
    case when count(*) = 1 then cast(max(performance.recent_net_revenue_per_day) * 100 as bigint) end
        as recent_net_revenue_per_day,
    case when count(*) = 1 then cast(max(performance.repeat_customer_rate) * 10000 as bigint) end
        as repeat_customer_rate
from marts.location_performance as performance
inner join marts.dim_locations
    on performance.location_id = dim_locations.location_id
group by {place}
order by place
