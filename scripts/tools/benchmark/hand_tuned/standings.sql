-- A customer's figures change in the months in which they order, and in those at whose end such an order is a
-- year old; between them they stand. So the changes are summed up, and the months between them filled in.
create table work.standings as
with
changes as (
    select
        customer_key,
        month_number(business_date) as month,
        business_date as order_date,
        order_count,
        net_cents,
        order_count as frequency,
        net_cents as monetary
    from kept.customer_days
    union all
    select
        customer_key,
        -- 29 February is a year old after 28 February, so it leaves the window a month end later.
        month_number(business_date) + 12
        + case when month(business_date) = 2 and day(business_date) = 29 then 1 else 0 end as month,
        null as order_date,
        0 as order_count,
        0 as net_cents,
        -order_count as frequency,
        -net_cents as monetary
    from kept.customer_days
),
by_month as (
    select
        customer_key,
        month,
        max(order_date) as last_order_date,
        sum(order_count) as order_count,
        sum(net_cents) as net_cents,
        sum(frequency) as frequency,
        sum(monetary) as monetary
    from changes
    where month <= getvariable('last_month')
    group by customer_key, month
),
states as (
    select
        customer_key,
        month,
        coalesce(lead(month) over up_to_then, getvariable('last_month') + 1) as next_month,
        max(last_order_date) over up_to_then as last_order_date,
        cast(sum(order_count) over up_to_then as integer) as order_count,
        cast(sum(net_cents) over up_to_then as bigint) as net_cents,
        cast(sum(frequency) over up_to_then as integer) as frequency,
        cast(sum(monetary) over up_to_then as bigint) as monetary
    from by_month
    window up_to_then as (partition by customer_key order by month rows unbounded preceding)
)
select
    customer_key,
    cast(unnest(range(greatest(month, getvariable('first_new_month')), next_month)) as integer) as month,
    last_order_date,
    order_count,
    net_cents,
    frequency,
    monetary
from states;
