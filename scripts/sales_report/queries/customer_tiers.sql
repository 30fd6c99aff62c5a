-- Customers by value, at the restaurant of their first order.
select
    {place} as place,
    lifetimes.clv_tier,
    cast(count(*) as bigint) as customer_count,
    cast(sum(lifetimes.lifetime_revenue) * 100 as bigint) as lifetime_revenue,
    cast(count(estimates.expected_revenue_next_3m) as bigint) as customer_count_3m,
    cast(coalesce(sum(estimates.expected_revenue_next_3m), 0) * 100 as bigint) as expected_revenue_3m,
    cast(count(estimates.expected_revenue_next_12m) as bigint) as customer_count_12m,
    cast(coalesce(sum(estimates.expected_revenue_next_12m), 0) * 100 as bigint) as expected_revenue_12m
from marts.customer_lifetime_value as lifetimes
inner join marts.dim_customers as customers
    on lifetimes.customer_id = customers.customer_id
inner join marts.customer_expected_value as estimates
    on lifetimes.customer_id = estimates.customer_id
inner join marts.dim_locations
    on customers.first_location_id = dim_locations.location_id
group by {place}, lifetimes.clv_tier
order by place, lifetimes.clv_tier
