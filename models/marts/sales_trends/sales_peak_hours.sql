with
orders as (
    select * from {{ ref('fct_orders') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

locations as (
    select * from {{ ref('dim_locations') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

window_dates as (
    select
        dates.date_day,
        dates.iso_day_of_week
    from dates
    cross join as_of
    where dates.date_day > as_of.as_of_date - {{ var('peak_hours_window_days') }}
),

observed as (
    select
        locations.location_id,
        window_dates.iso_day_of_week,
        cast(count(*) as bigint) as days_observed
    from locations
    inner join window_dates
        on window_dates.date_day between locations.first_order_date and locations.last_order_date
    group by locations.location_id, window_dates.iso_day_of_week
),

hours as (
    select
        orders.location_id,
        window_dates.iso_day_of_week,
        orders.order_hour,
        cast(count(*) as bigint) as order_count,
        {{ money('sum(orders.net_revenue)') }} as net_revenue
    from orders
    inner join window_dates
        on orders.business_date = window_dates.date_day
    group by orders.location_id, window_dates.iso_day_of_week, orders.order_hour
),

averaged as (
    select
        hours.location_id,
        hours.iso_day_of_week,
        hours.order_hour,
        observed.days_observed,
        hours.order_count,
        hours.net_revenue,
        {{ average('hours.order_count', 'observed.days_observed') }} as average_orders,
        {{ average('hours.net_revenue', 'observed.days_observed') }} as average_net_revenue
    from hours
    inner join observed
        on
            hours.location_id = observed.location_id
            and hours.iso_day_of_week = observed.iso_day_of_week
),

final as (
    select
        *,
        cast(rank() over (partition by location_id order by average_net_revenue desc) as bigint) as peak_rank
    from averaged
)

select * from final
