-- Store operations: which restaurants have lost orders since last year, and where do they stand now and over all time?
select
    location_name,
    recent_revenue_rank,
    revenue_rank,
    recent_net_revenue_per_day,
    order_count_change_pct,
    average_order_value_change_pct
from {{ ref('location_performance') }}
where order_count_change_pct < 0
order by order_count_change_pct asc, location_name asc
