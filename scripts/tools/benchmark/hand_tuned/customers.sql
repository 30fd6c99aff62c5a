create table work.lifetimes as
select
    customer_key,
    min(business_date) as first_order_date,
    max(business_date) as last_order_date,
    cast(sum(order_count) as bigint) as order_count,
    cast(sum(gross_cents) as bigint) as gross_cents,
    cast(sum(net_cents) as bigint) as net_cents
from kept.customer_days
group by customer_key;

create table work.edges as
select
    lowest_edge(net_cents) as lowest,
    highest_edge(net_cents) as highest
from work.lifetimes;

create or replace table marts.customer_lifetime_value as
select
    customers.customer_id,
    getvariable('as_of') as as_of_date,
    lifetimes.first_order_date,
    lifetimes.last_order_date,
    lifetimes.order_count,
    hundredth(lifetimes.gross_cents) as gross_revenue,
    hundredth(lifetimes.gross_cents - lifetimes.net_cents) as discount_amount,
    hundredth(lifetimes.net_cents) as lifetime_revenue,
    average(lifetimes.net_cents, lifetimes.order_count) as average_order_value,
    cast(getvariable('as_of') - lifetimes.first_order_date as bigint) as customer_age_days,
    rank() over (order by lifetimes.net_cents desc) as clv_rank,
    tier(lifetimes.net_cents, edges.lowest, edges.highest) as clv_tier
from work.lifetimes as lifetimes
cross join work.edges as edges
inner join kept.customers as customers
    on lifetimes.customer_key = customers.customer_key;
