-- Store managers: which five hours of the week are my busiest, and how busy are they?
with
peak_hours as (
    select * from {{ ref('sales_peak_hours') }}
    where peak_rank <= 5
),

locations as (
    select * from {{ ref('dim_locations') }}
),

weekdays as (
    select distinct
        iso_day_of_week,
        day_name
    from {{ ref('dim_dates') }}
),

final as (
    select
        locations.location_name,
        peak_hours.peak_rank,
        weekdays.day_name,
        peak_hours.order_hour,
        peak_hours.average_orders,
        peak_hours.average_net_revenue,
        peak_hours.days_observed
    from peak_hours
    inner join locations
        on peak_hours.location_id = locations.location_id
    inner join weekdays
        on peak_hours.iso_day_of_week = weekdays.iso_day_of_week
)

select * from final
order by location_name, peak_rank, day_name, order_hour
