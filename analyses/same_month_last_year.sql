-- Finance: how does each complete month compare with the same month of the year before, like for like?
select
    month_start_date,
    order_count,
    net_revenue,
    net_revenue_last_year,
    net_revenue_change_pct,
    comparable_location_count,
    comparable_net_revenue_change_pct,
    comparable_order_count_change_pct,
    comparable_average_order_value_change_pct
from {{ ref('sales_like_for_like_monthly') }}
order by month_start_date
