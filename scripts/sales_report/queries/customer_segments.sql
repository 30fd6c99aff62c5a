-- Customers by segment and recency, at the restaurant of their first order.
select
    {place} as place,
    segments.rfm_segment,
    segments.recency_score,
    cast(count(*) as bigint) as customer_count,
    cast(sum(segments.frequency) as bigint) as order_count,
    cast(sum(segments.monetary) * 100 as bigint) as net_revenue
from marts.customer_segments as segments
inner join marts.dim_customers as customers
    on segments.customer_id = customers.customer_id
inner join marts.dim_locations
    on customers.first_location_id = dim_locations.location_id
group by {place}, segments.rfm_segment, segments.recency_score
order by place, segments.rfm_segment, segments.recency_score
