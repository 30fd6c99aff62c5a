-- Pricing: after which discounts did orders and revenue rise by more than orders did where there was none?
select
    option_group_name,
    option_name,
    first_used_date,
    window_location_count,
    control_location_count,
    order_count_change_pct,
    control_order_count_change_pct,
    excess_order_change_points,
    net_revenue_change_pct,
    discounted_order_share_after_pct,
    coalesce(
        excess_order_change_points > 0 and net_revenue_change_pct > control_order_count_change_pct, false
    ) as has_paid
from {{ ref('discount_before_after') }}
where is_window_complete
order by excess_order_change_points desc nulls last, option_group_name asc, option_name asc
