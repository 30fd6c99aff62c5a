-- The places that readers choose from.
select
    {place} as place,
    min(dim_locations.location_name) as name,
    min(dim_locations.region) as region,
    min(dim_locations.first_order_date) as first_order_date,
    max(dim_locations.last_order_date) as last_order_date,
    cast(count(*) as bigint) as location_count
from marts.dim_locations
group by {place}
order by place
