create table work.month_edges as
with
edges as (
    select
        month,
        lowest_edge(net_cents) as low_net,
        highest_edge(net_cents) as high_net,
        fifths(case when frequency > 0 then frequency end) as frequency,
        fifths(case when frequency > 0 then monetary end) as monetary
    from work.standings
    where month >= getvariable('first_new_month')
    group by month
)
select
    month,
    month_end(month) as month_end_date,
    low_net,
    high_net,
    frequency[1] as frequency_1,
    frequency[2] as frequency_2,
    frequency[3] as frequency_3,
    frequency[4] as frequency_4,
    monetary[1] as monetary_1,
    monetary[2] as monetary_2,
    monetary[3] as monetary_3,
    monetary[4] as monetary_4
from edges;

create table marts.customer_month_end as
with
scored as (
    select
        standings.*,
        edges.month_end_date,
        tier(standings.net_cents, edges.low_net, edges.high_net) as clv_tier,
        cast(edges.month_end_date - standings.last_order_date as bigint) as recency_days,
        cast(recency_score(edges.month_end_date - standings.last_order_date) as bigint) as recency_score,
        edges.month_end_date - lifetimes.first_order_date as days_since_first,
        cast(case when standings.frequency > 0 then score(
            standings.frequency, edges.frequency_1, edges.frequency_2, edges.frequency_3, edges.frequency_4
        ) else 1 end as bigint) as frequency_score,
        cast(case when standings.frequency > 0 then score(
            standings.monetary, edges.monetary_1, edges.monetary_2, edges.monetary_3, edges.monetary_4
        ) else 1 end as bigint) as monetary_score
    from work.standings as standings
    inner join work.month_edges as edges
        on standings.month = edges.month
    inner join work.lifetimes as lifetimes
        on standings.customer_key = lifetimes.customer_key
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
    segment(scored.recency_days, scored.frequency_score, scored.monetary_score, scored.days_since_first)
        as rfm_segment,
    scored.recency_days > 45 as is_at_risk
from scored
inner join kept.customers as customers
    on scored.customer_key = customers.customer_key;
