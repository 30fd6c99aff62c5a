-- Pricing: which discounts brought more orders, and did the revenue follow?
select
    option_group_name,
    option_name,
    first_used_date,
    location_count,
    order_count_before,
    order_count_after,
    order_count_change_pct,
    net_revenue_change_pct,
    coalesce(order_count_change_pct > 0 and net_revenue_change_pct > 0, false) as has_paid
from {{ ref('discount_before_after') }}
where is_window_complete
order by net_revenue_change_pct desc nulls last, option_group_name asc, option_name asc
