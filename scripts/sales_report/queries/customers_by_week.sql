-- Customers with an order in the week.
select
    scopes.scope,
    scopes.region,
    scopes.place,
    dates.week_start_date,
    cast(count(distinct orders.customer_id) as bigint) as customer_count
from marts.fct_orders as orders
inner join marts.dim_customers as customers
    on orders.customer_id = customers.customer_id
inner join marts.dim_dates as dates
    on orders.business_date = dates.date_day
inner join {scopes} as scopes
    on orders.location_id = scopes.location_id
where
    not customers.is_excluded
    and dates.week_start_date <= {last_week}
    and dates.week_start_date > {last_week} - 364
group by scopes.scope, scopes.region, scopes.place, dates.week_start_date
order by scopes.scope, scopes.region, scopes.place, dates.week_start_date
