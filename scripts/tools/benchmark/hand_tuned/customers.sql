create table work.lifetimes as
select
    customer_key,
    min(business_date) as first_order_date,
    max(business_date) as last_order_date,
    cast(count(*) as bigint) as day_count,
    cast(sum(order_count) as bigint) as order_count,
    cast(sum(gross_cents) as bigint) as gross_cents,
    cast(sum(net_cents) as bigint) as net_cents,
    cast(coalesce(
        sum(order_count) filter (where business_date > getvariable('as_of') - interval 12 months), 0
    ) as bigint) as frequency,
    cast(coalesce(
        sum(net_cents) filter (where business_date > getvariable('as_of') - interval 12 months), 0
    ) as bigint) as monetary,
    cast(coalesce(
        sum(net_cents) filter (where business_date > getvariable('as_of') - 90), 0
    ) as bigint) as recent_cents,
    cast(coalesce(
        sum(net_cents) filter (
            where business_date > getvariable('as_of') - 180 and business_date <= getvariable('as_of') - 90
        ), 0
    ) as bigint) as prior_cents
from kept.customer_days
group by customer_key;

create table work.edges as
with
edges as (
    select
        lowest_edge(net_cents) as low_net,
        highest_edge(net_cents) as high_net,
        fifths(last_order_date) as recency,
        fifths(frequency) as frequency,
        fifths(monetary) as monetary
    from work.lifetimes
)
select
    low_net,
    high_net,
    recency[1] as recency_1,
    recency[2] as recency_2,
    recency[3] as recency_3,
    recency[4] as recency_4,
    frequency[1] as frequency_1,
    frequency[2] as frequency_2,
    frequency[3] as frequency_3,
    frequency[4] as frequency_4,
    monetary[1] as monetary_1,
    monetary[2] as monetary_2,
    monetary[3] as monetary_3,
    monetary[4] as monetary_4
from edges;

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
    tier(lifetimes.net_cents, edges.low_net, edges.high_net) as clv_tier
from work.lifetimes as lifetimes
cross join work.edges as edges
inner join kept.customers as customers
    on lifetimes.customer_key = customers.customer_key;

create or replace table marts.customer_segments as
with
scored as (
    select
        lifetimes.*,
        cast(score(
            lifetimes.last_order_date, edges.recency_1, edges.recency_2, edges.recency_3, edges.recency_4
        ) as bigint) as recency_score,
        cast(score(
            lifetimes.frequency, edges.frequency_1, edges.frequency_2, edges.frequency_3, edges.frequency_4
        ) as bigint) as frequency_score,
        cast(score(
            lifetimes.monetary, edges.monetary_1, edges.monetary_2, edges.monetary_3, edges.monetary_4
        ) as bigint) as monetary_score
    from work.lifetimes as lifetimes
    cross join work.edges as edges
)
select
    customers.customer_id,
    getvariable('as_of') as as_of_date,
    cast(getvariable('as_of') - scored.last_order_date as bigint) as recency_days,
    scored.frequency,
    hundredth(scored.monetary) as monetary,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score,
    cast(
        100 * scored.recency_score + 10 * scored.frequency_score + scored.monetary_score as varchar
    ) as rfm_code,
    segment(scored.recency_score, scored.frequency_score, scored.monetary_score) as rfm_segment
from scored
inner join kept.customers as customers
    on scored.customer_key = customers.customer_key;

create or replace table marts.customer_churn_indicators as
with
dated as (
    select
        *,
        cast(getvariable('as_of') - last_order_date as bigint) as days_since_last_order
    from work.lifetimes
)
select
    customers.customer_id,
    getvariable('as_of') as as_of_date,
    dated.last_order_date,
    dated.days_since_last_order,
    average(100 * (dated.last_order_date - dated.first_order_date), dated.day_count - 1)
        as average_days_between_orders,
    hundredth(dated.recent_cents) as spend_recent,
    hundredth(dated.prior_cents) as spend_prior,
    percentage(dated.recent_cents - dated.prior_cents, dated.prior_cents) as spend_change_pct,
    dated.days_since_last_order > 45 as is_at_risk,
    case when dated.days_since_last_order > 45 then 'at_risk' else 'active' end as churn_status
from dated
inner join kept.customers as customers
    on dated.customer_key = customers.customer_key;

create or replace table marts.loyalty_program_impact as
with
valued as (
    select
        case when dim.is_loyalty_member then 'member' else 'non_member' end as membership,
        lifetimes.order_count,
        lifetimes.net_cents
    from work.lifetimes as lifetimes
    inner join kept.customers as customers
        on lifetimes.customer_key = customers.customer_key
    inner join marts.dim_customers as dim
        on customers.customer_id = dim.customer_id
),
totals as (
    select
        memberships.membership,
        count(valued.membership) as customer_count,
        cast(coalesce(sum(valued.order_count), 0) as bigint) as order_count,
        coalesce(sum(valued.net_cents), 0) as net_cents,
        count(*) filter (where valued.order_count >= 2) as repeat_customer_count,
        cast(coalesce(sum(valued.order_count - 1), 0) as bigint) as repeat_order_count,
        -- The middle two, or twice the middle one.
        quantile_disc(valued.net_cents, 0.5) - quantile_disc(-valued.net_cents, 0.5) as middle_cents
    from (values ('member'), ('non_member')) as memberships (membership)
    left join valued
        on memberships.membership = valued.membership
    group by memberships.membership
)
select
    membership,
    customer_count,
    order_count,
    hundredth(net_cents) as net_revenue,
    average(net_cents, order_count) as average_order_value,
    average(100 * order_count, customer_count) as average_orders_per_customer,
    repeat_customer_count,
    rate(repeat_customer_count, customer_count) as repeat_customer_rate,
    repeat_order_count,
    average(net_cents, customer_count) as average_lifetime_value,
    average(middle_cents, 2) as median_lifetime_value
from totals;

create or replace table marts.loyalty_joining_effect as
with
joiners as (
    select
        customers.customer_key,
        dim.loyalty_joined_date as joined_date
    from marts.dim_customers as dim
    inner join kept.customers as customers
        on dim.customer_id = customers.customer_id
    where
        not dim.is_excluded
        and dim.loyalty_joined_date - 90 >= (select min(business_date) from marts.fct_orders)
        and dim.loyalty_joined_date + 89 <= getvariable('as_of')
        and dim.customer_id in (
            select customer_id from marts.fct_orders where customer_order_number = 1 and not is_loyalty
        )
),
months as (
    select
        cast(date_trunc('month', joiners.joined_date) as date) as joined_month,
        count(distinct joiners.customer_key) as customer_count,
        coalesce(sum(days.order_count) filter (where days.business_date < joined_date), 0) as orders_before,
        coalesce(sum(days.order_count) filter (where days.business_date >= joined_date), 0) as orders_after,
        coalesce(sum(days.net_cents) filter (where days.business_date < joined_date), 0) as cents_before,
        coalesce(sum(days.net_cents) filter (where days.business_date >= joined_date), 0) as cents_after
    from joiners
    inner join kept.customer_days as days
        on
            joiners.customer_key = days.customer_key
            and days.business_date >= joiners.joined_date - 90
            and days.business_date < joiners.joined_date + 90
    group by joined_month
)
select
    joined_month,
    customer_count,
    cast(orders_before as bigint) as orders_before,
    cast(orders_after as bigint) as orders_after,
    hundredth(cents_before) as net_revenue_before,
    hundredth(cents_after) as net_revenue_after,
    percentage(cents_after - cents_before, cents_before) as net_revenue_change_pct
from months;
