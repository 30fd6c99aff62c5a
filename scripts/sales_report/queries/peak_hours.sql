-- What an hour brings on such a day, of all restaurants of a place together: averages as hundredths.
select
    {place} as place,
    peak_hours.iso_day_of_week,
    peak_hours.order_hour,
    cast(sum(peak_hours.average_orders) * 100 as bigint) as average_orders,
    cast(sum(peak_hours.average_net_revenue) * 100 as bigint) as average_net_revenue
from marts.sales_peak_hours as peak_hours
inner join marts.dim_locations
    on peak_hours.location_id = dim_locations.location_id
group by {place}, peak_hours.iso_day_of_week, peak_hours.order_hour
order by place, peak_hours.iso_day_of_week, peak_hours.order_hour
