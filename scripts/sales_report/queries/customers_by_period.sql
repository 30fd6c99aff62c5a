-- Customers with an order in the period.
select
    scopes.scope,
    scopes.region,
    scopes.place,
    cast(periods.weeks as bigint) as weeks,
    cast(count(distinct case when periods.is_now = 1 then orders.customer_id end) as bigint) as customer_count,
    cast(count(distinct case when periods.is_before = 1 then orders.customer_id end) as bigint)
        as customer_count_before
from marts.fct_orders as orders
inner join marts.dim_customers as customers
    on orders.customer_id = customers.customer_id
inner join {periods} as periods
    on orders.business_date between periods.first_week and periods.last_week + 6
inner join {scopes} as scopes
    on orders.location_id = scopes.location_id
where not customers.is_excluded
group by scopes.scope, scopes.region, scopes.place, periods.weeks
order by scopes.scope, scopes.region, scopes.place, periods.weeks
