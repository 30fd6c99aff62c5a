-- One who ordered in two restaurants is one customer of their region, so customers do not add up.
select location_id, 'place' as scope, {place} as place, cast(null as varchar(512)) as region
from marts.dim_locations
union all
select location_id, 'region' as scope, null as place, coalesce(region, '') as region
from marts.dim_locations
union all
select location_id, 'all' as scope, null as place, null as region
from marts.dim_locations
