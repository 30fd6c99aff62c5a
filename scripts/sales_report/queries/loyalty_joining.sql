-- Customers who joined the loyalty programme, beside as many customers like them who did not join that day.
-- Expected orders and percentages are hundredths.
select
    joined_period,
    customer_count,
    matched_customer_count,
    control_order_count,
    orders_before,
    cast(expected_orders_before * 100 as bigint) as expected_orders_before,
    orders_after,
    cast(expected_orders_after * 100 as bigint) as expected_orders_after,
    cast(net_revenue_after * 100 as bigint) as net_revenue_after,
    cast(expected_net_revenue_after * 100 as bigint) as expected_net_revenue_after,
    cast(excess_orders_pct * 100 as bigint) as excess_orders_pct,
    cast(excess_revenue_pct * 100 as bigint) as excess_revenue_pct,
    cast(control_non_member_pct * 100 as bigint) as control_non_member_pct,
    is_excess_clear
from marts.loyalty_joining_effect
order by joined_period
