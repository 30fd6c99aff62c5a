-- Each offer: orders of the restaurants that gave it, and of those that never did, before and after it began.
-- Percentages and points are hundredths.
select
    option_group_name,
    option_name,
    first_used_date,
    last_used_date,
    discounted_order_count,
    window_location_count,
    order_count_before,
    order_count_after,
    control_location_count,
    control_order_count_before,
    control_order_count_after,
    is_window_complete,
    cast(order_count_change_pct * 100 as bigint) as order_count_change_pct,
    cast(net_revenue_change_pct * 100 as bigint) as net_revenue_change_pct,
    cast(control_order_count_change_pct * 100 as bigint) as control_order_count_change_pct,
    cast(excess_order_change_points * 100 as bigint) as excess_order_change_points,
    cast(discounted_order_share_after_pct * 100 as bigint) as discounted_order_share_after_pct
from marts.discount_before_after
order by option_group_name, option_name
