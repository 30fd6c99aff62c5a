-- Customers at each month's end by segment, at the restaurant of their first order.
select
    {place} as place,
    month_ends.month_end_date,
    month_ends.rfm_segment,
    cast(count(*) as bigint) as customer_count
from marts.customer_month_end as month_ends
inner join marts.dim_customers as customers
    on month_ends.customer_id = customers.customer_id
inner join marts.dim_locations
    on customers.first_location_id = dim_locations.location_id
group by {place}, month_ends.month_end_date, month_ends.rfm_segment
order by place, month_ends.month_end_date, month_ends.rfm_segment
