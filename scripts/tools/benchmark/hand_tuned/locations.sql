create or replace table marts.dim_locations as
with
traded as (
    select
        location_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date
    from marts.sales_daily
    group by location_id
)
select
    traded.location_id,
    coalesce(locations.location_name, traded.location_id) as location_name,
    locations.region,
    coalesce(locations.timezone, 'America/New_York') as timezone,
    locations.opened_on,
    traded.first_order_date,
    traded.last_order_date
from traded
left join work.locations as locations
    on traded.location_id = locations.location_id;

create or replace table marts.sales_peak_hours as
with
observed as (
    select
        locations.location_id,
        dates.iso_day_of_week,
        count(*) as days_observed
    from marts.dim_locations as locations
    inner join marts.dim_dates as dates
        on dates.date_day between locations.first_order_date and locations.last_order_date
    group by locations.location_id, dates.iso_day_of_week
),
hours as (
    select
        location_id,
        isodow(business_date) as iso_day_of_week,
        order_hour,
        count(*) as order_count,
        cast(sum(net_revenue) as decimal(18, 2)) as net_revenue
    from marts.fct_orders
    group by location_id, iso_day_of_week, order_hour
),
averaged as (
    select
        hours.location_id,
        hours.iso_day_of_week,
        hours.order_hour,
        observed.days_observed,
        hours.order_count,
        hours.net_revenue,
        average(100 * hours.order_count, observed.days_observed) as average_orders,
        average(cents(hours.net_revenue), observed.days_observed) as average_net_revenue
    from hours
    inner join observed
        on
            hours.location_id = observed.location_id
            and hours.iso_day_of_week = observed.iso_day_of_week
)
select
    *,
    rank() over (partition by location_id order by average_net_revenue desc) as peak_rank
from averaged;

create or replace table marts.location_performance as
with
visits as (
    select
        orders.location_id,
        orders.customer_id,
        count(*) as order_count
    from marts.fct_orders as orders
    left join work.excluded_customers as excluded_customers
        on orders.customer_id = excluded_customers.customer_id
    where
        orders.customer_id is not null
        and excluded_customers.customer_id is null
    group by orders.location_id, orders.customer_id
),
known_customers as (
    select
        location_id,
        count(*) as customer_count,
        count(*) filter (where order_count >= 2) as repeat_customer_count
    from visits
    group by location_id
),
totals as (
    select
        location_id,
        count(distinct business_date) as trading_days,
        count(distinct date_trunc('week', business_date)) as trading_weeks,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(gross_revenue) as decimal(18, 2)) as gross_revenue,
        cast(sum(discount_amount) as decimal(18, 2)) as discount_amount,
        cast(sum(net_revenue) as decimal(18, 2)) as net_revenue
    from marts.sales_daily
    group by location_id
),
measured as (
    select
        totals.*,
        coalesce(known_customers.customer_count, 0) as customer_count,
        coalesce(known_customers.repeat_customer_count, 0) as repeat_customer_count,
        sum(totals.net_revenue) over () as company_revenue,
        quantile_disc(totals.net_revenue, 0.8) over () as highest,
        -quantile_disc(-totals.net_revenue, 0.8) over () as lowest
    from totals
    left join known_customers
        on totals.location_id = known_customers.location_id
)
select
    locations.location_id,
    locations.location_name,
    getvariable('as_of') as as_of_date,
    locations.first_order_date,
    locations.last_order_date,
    measured.trading_days,
    measured.trading_weeks,
    measured.order_count,
    measured.customer_count,
    rate(measured.repeat_customer_count, measured.customer_count) as repeat_customer_rate,
    measured.gross_revenue,
    measured.discount_amount,
    measured.net_revenue,
    average(cents(measured.net_revenue), measured.order_count) as average_order_value,
    average(100 * measured.order_count, measured.trading_days) as orders_per_day,
    average(100 * measured.order_count, measured.trading_weeks) as orders_per_week,
    percentage(cents(measured.net_revenue), cents(measured.company_revenue)) as revenue_share_pct,
    rank() over (order by measured.net_revenue desc) as revenue_rank,
    case
        when measured.net_revenue > measured.highest then 'top'
        when measured.net_revenue < measured.lowest then 'bottom'
        else 'middle'
    end as performance_band
from measured
inner join marts.dim_locations as locations
    on measured.location_id = locations.location_id;
