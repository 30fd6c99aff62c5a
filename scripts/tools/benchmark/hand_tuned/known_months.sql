-- Where no month has ended, the estimate starts from the month ends there are.
create table if not exists work.standings (
    customer_key integer, month integer, last_order_date date, order_count integer, net_cents bigint
);

insert into work.standings by name
select
    customers.customer_key,
    month_number(month_ends.month_end_date) as month,
    month_ends.month_end_date - cast(month_ends.recency_days as integer) as last_order_date,
    month_ends.order_count,
    cents(month_ends.lifetime_revenue) as net_cents
from marts.customer_month_end as month_ends
inner join kept.customers as customers
    on month_ends.customer_id = customers.customer_id
where
    month_ends.month_end_date > month_end(getvariable('last_month') - 15 - 12 * (getvariable('run_count') - 1))
    and month_ends.month_end_date < month_end(getvariable('first_new_month'));
