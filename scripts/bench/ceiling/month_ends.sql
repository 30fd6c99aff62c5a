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
    from work.customer_days
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
    from work.customer_days
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
    cast(unnest(range(month, next_month)) as integer) as month,
    last_order_date,
    order_count,
    net_cents,
    frequency,
    monetary
from states;

create table work.month_edges as
with
edges as (
    select
        month,
        lowest_edge(net_cents) as low_net,
        highest_edge(net_cents) as high_net,
        fifths(last_order_date) as recency,
        fifths(frequency) as frequency,
        fifths(monetary) as monetary
    from work.standings
    group by month
)
select
    *,
    month_end(month) as month_end_date
from edges;

create table marts.customer_month_end as
with
scored as (
    select
        standings.*,
        edges.month_end_date,
        tier(standings.net_cents, edges.low_net, edges.high_net) as clv_tier,
        cast(edges.month_end_date - standings.last_order_date as bigint) as recency_days,
        cast(score(standings.last_order_date, edges.recency) as bigint) as recency_score,
        cast(score(standings.frequency, edges.frequency) as bigint) as frequency_score,
        cast(score(standings.monetary, edges.monetary) as bigint) as monetary_score
    from work.standings as standings
    inner join work.month_edges as edges
        on standings.month = edges.month
)
select
    customers.customer_id,
    scored.month_end_date,
    cast(scored.order_count as bigint) as order_count,
    hundredth(scored.net_cents) as lifetime_revenue,
    scored.clv_tier,
    scored.recency_days,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score,
    segment(scored.recency_score, scored.frequency_score, scored.monetary_score) as rfm_segment,
    scored.recency_days > 45 as is_at_risk
from scored
inner join work.customers as customers
    on scored.customer_key = customers.customer_key;
