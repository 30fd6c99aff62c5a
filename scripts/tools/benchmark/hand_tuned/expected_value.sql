-- The estimate runs twice: as of today, and as of a month end whose outcome is known.
create table work.runs as
with
months as (
    select
        month_number(min(business_date)) as first_month,
        getvariable('last_month') as last_month
    from kept.customer_days
),
moments as (
    select
        1 as run,
        getvariable('as_of') as run_as_of,
        last_month as run_month,
        null as horizon_months,
        first_month
    from months
    union all
    select
        2 as run,
        month_end(run_month) as run_as_of,
        run_month,
        horizon_months,
        first_month
    from (
        select
            first_month,
            case when last_month - 12 - first_month >= 5 then 12 else 3 end as horizon_months,
            last_month - horizon_months as run_month
        from months
    )
)
select
    run,
    run_as_of,
    cast(run_month as integer) as run_month,
    cast(horizon_months as bigint) as horizon_months,
    first_month,
    greatest(coalesce(run_month - first_month + 1, 0), 0) as month_end_count
from moments
where
    -- Nothing is estimated where there is no customer.
    exists (from work.lifetimes)
    and run <= getvariable('run_count');

create table work.value_customers as
select
    1 as run,
    customer_key,
    order_count,
    net_cents,
    getvariable('as_of') - first_order_date as age_days,
    getvariable('as_of') - last_order_date as recency_days
from work.lifetimes
union all
select
    2 as run,
    standings.customer_key,
    standings.order_count,
    standings.net_cents,
    runs.run_as_of - lifetimes.first_order_date as age_days,
    runs.run_as_of - standings.last_order_date as recency_days
from work.standings as standings
inner join work.runs as runs
    on
        standings.month = runs.run_month
        and runs.run = 2
inner join work.lifetimes as lifetimes
    on standings.customer_key = lifetimes.customer_key;

create table work.half_days as
select
    runs.run,
    case
        when sum(customers.order_count - 1) > 0
            then greatest(
                1, cast(half_up(sum(customers.age_days), 2 * sum(customers.order_count - 1)) as bigint)
            )
    end as half_days,
    rounded(sum(customers.net_cents), sum(customers.order_count)) as mean_cents
from work.runs as runs
left join work.value_customers as customers
    on runs.run = customers.run
group by runs.run;

create table work.observations as
with
starts as (
    select
        runs.run,
        half_days.half_days,
        month as start_month,
        month_end(month) as start_date,
        month_end(month + 3) as end_date
    from work.runs as runs
    inner join work.half_days as half_days
        on
            runs.run = half_days.run
            and half_days.half_days is not null
    cross join lateral (
        select unnest(range(
            greatest(runs.first_month, runs.run_month - 14), runs.run_month - 2
        )) as month
    )
    where runs.month_end_count >= 6
),
followed as (
    select
        starts.run,
        starts.half_days,
        cast(starts.end_date - starts.start_date as integer) as day_count,
        at_start.order_count,
        cast(starts.start_date - at_start.last_order_date as bigint) as recency_days,
        cast(starts.start_date - lifetimes.first_order_date as bigint) as age_days,
        at_end.order_count as end_order_count,
        cast(starts.end_date - at_end.last_order_date as bigint) as end_recency_days,
        cast(starts.end_date - lifetimes.first_order_date as bigint) as end_age_days
    from work.standings as at_start
    inner join starts
        on at_start.month = starts.start_month
    inner join work.standings as at_end
        on
            at_start.customer_key = at_end.customer_key
            and at_start.month + 3 = at_end.month
    inner join work.lifetimes as lifetimes
        on at_start.customer_key = lifetimes.customer_key
)
select
    run,
    order_band(order_count) as order_band,
    missed_band(100 * order_count * recency_days, age_days - recency_days + half_days) as missed_band,
    pace(order_count, age_days, half_days) as pace,
    day_count,
    order_band(end_order_count) as end_order_band,
    missed_band(
        100 * end_order_count * end_recency_days, end_age_days - end_recency_days + half_days
    ) as end_missed_band,
    pace(end_order_count, end_age_days, half_days) as end_pace,
    end_order_count - order_count as orders_that_came
from followed;

create table work.transitions as
select
    run,
    order_band,
    missed_band,
    end_order_band,
    end_missed_band,
    count(*) as starts,
    sum(orders_that_came) as orders_that_came,
    sum(pace * day_count) as promised_orders,
    cast(sum(pace) as bigint) as pace,
    cast(sum(end_pace) as bigint) as end_pace
from work.observations
group by run, order_band, missed_band, end_order_band, end_missed_band;

-- A state with too few starts borrows the nearest cell, first of those that missed no more.
create table work.cells as
with
firm as (
    select
        run,
        order_band,
        missed_band
    from work.transitions
    group by run, order_band, missed_band
    having sum(starts) >= 10
),
choices as (
    select
        firm.run,
        order_bands.order_band,
        missed_bands.missed_band,
        firm.order_band as cell_order_band,
        firm.missed_band as cell_missed_band
    from firm
    cross join range(1, 8) as order_bands (order_band)
    cross join range(1, 11) as missed_bands (missed_band)
    qualify row_number() over (
        partition by firm.run, order_bands.order_band, missed_bands.missed_band
        order by
            firm.missed_band > missed_bands.missed_band,
            2 * abs(firm.order_band - order_bands.order_band)
            + abs(firm.missed_band - missed_bands.missed_band),
            firm.missed_band desc,
            firm.order_band desc
    ) = 1
)
select
    run,
    order_band,
    missed_band,
    10 * cell_order_band + cell_missed_band - 1 as cell,
    order_band = cell_order_band and missed_band = cell_missed_band as is_observed
from choices;

create table work.kept_ratios as
with
by_cell as (
    select
        cells.run,
        cells.cell,
        cells.cell % 10 as band,
        sum(transitions.starts) as starts,
        1000000 * sum(transitions.orders_that_came) as came,
        sum(transitions.promised_orders) as promised
    from work.transitions as transitions
    inner join work.cells as cells
        using (run, order_band, missed_band)
    group by cells.run, cells.cell
),
of_all as (
    select
        *,
        millionths(sum(came) over (partition by run), sum(promised) over (partition by run)) as ratio_of_all
    from by_cell
),
of_band as (
    select
        *,
        millionths(
            sum(came) over (partition by run, band) + 10 * ratio_of_all,
            sum(promised) over (partition by run, band) + 10000000
        ) as ratio_of_band
    from of_all
)
select
    run,
    cell,
    cast(starts as bigint) as starts,
    millionths(came + 10 * ratio_of_band, promised + 10000000) as kept_ratio
from of_band;

create table work.flows as
with
paces as (
    select
        starts.run,
        starts.cell,
        ends.cell as next_cell,
        sum(transitions.pace) as pace,
        sum(transitions.end_pace) as end_pace
    from work.transitions as transitions
    inner join work.cells as starts
        using (run, order_band, missed_band)
    inner join work.cells as ends
        on
            transitions.run = ends.run
            and transitions.end_order_band = ends.order_band
            and transitions.end_missed_band = ends.missed_band
    group by starts.run, starts.cell, ends.cell
)
select
    run,
    cell,
    next_cell,
    millionths(end_pace, sum(pace) over (partition by run, cell)) as flow
from paces;

create table work.worths as
with recursive
steps as (
    select
        1 as step,
        run,
        cell,
        kept_ratio as worth,
        kept_ratio as discounted_worth
    from work.kept_ratios
    union all
    select
        later.step + 1 as step,
        kept_ratios.run,
        kept_ratios.cell,
        kept_ratios.kept_ratio + cast(half_up(sum(flows.flow * later.worth), 1000000) as bigint) as worth,
        kept_ratios.kept_ratio + cast(half_up(
            sum(flows.flow * half_up(later.discounted_worth * 976000, 1000000)), 1000000
        ) as bigint) as discounted_worth
    from steps as later
    inner join work.flows as flows
        on
            later.run = flows.run
            and later.cell = flows.next_cell
    inner join work.kept_ratios as kept_ratios
        on
            flows.run = kept_ratios.run
            and flows.cell = kept_ratios.cell
    where later.step < 12
    group by later.step, kept_ratios.run, kept_ratios.cell, kept_ratios.kept_ratio
)
select
    run,
    cell,
    max(worth) filter (where step = 1) as worth_3m,
    max(worth) filter (where step = 2) as worth_6m,
    max(worth) filter (where step = 3) as worth_9m,
    max(worth) filter (where step = 4) as worth_12m,
    max(worth) filter (where step = 8) as worth_24m,
    max(worth) filter (where step = 12) as worth_36m,
    max(discounted_worth) filter (where step = 12) as worth_36m_discounted
from steps
group by run, cell;

create table work.probabilities as
with
returns as (
    select
        observations.run,
        expected_band(expected_orders(observations.pace, worths.worth_3m)) as expected_band,
        observations.missed_band,
        count(*) as starts,
        count(*) filter (where observations.orders_that_came > 0) as returned
    from work.observations as observations
    inner join work.cells as cells
        using (run, order_band, missed_band)
    inner join work.worths as worths
        on
            cells.run = worths.run
            and cells.cell = worths.cell
    group by all
),
totals as (
    select
        run,
        sum(starts) as starts,
        sum(returned) as returned
    from returns
    group by run
),
firm as (
    select
        run,
        expected_band,
        sum(starts) as starts,
        sum(returned) as returned
    from returns
    group by run, expected_band
    having sum(starts) >= 30
),
shares as (
    select
        totals.run,
        bands.expected_band,
        millionths(
            coalesce(firm.returned, totals.returned), coalesce(firm.starts, totals.starts)
        ) as return_share
    from totals
    cross join range(1, 16) as bands (expected_band)
    left join firm
        on totals.run = firm.run
    qualify row_number() over (
        partition by totals.run, bands.expected_band
        order by abs(firm.expected_band - bands.expected_band) nulls last, firm.expected_band nulls last
    ) = 1
)
select
    shares.run,
    shares.expected_band,
    missed_bands.missed_band,
    half_up(
        1000000 * coalesce(returns.returned, 0) + 10 * shares.return_share,
        100 * (coalesce(returns.starts, 0) + 10)
    ) as probability
from shares
cross join range(1, 11) as missed_bands (missed_band)
left join returns
    on
        shares.run = returns.run
        and shares.expected_band = returns.expected_band
        and missed_bands.missed_band = returns.missed_band;

-- How much orders differ within a customer and between customers, in thousandths of the mean order.
create table work.order_weights as
with
distances as (
    select
        half_days.run,
        orders.customer_id,
        cast(rounded(
            1000 * (cents(orders.net_revenue) - half_days.mean_cents), half_days.mean_cents
        ) as bigint) as distance
    from marts.fct_orders as orders
    inner join work.runs as runs
        on orders.business_date <= runs.run_as_of
    inner join work.half_days as half_days
        on
            runs.run = half_days.run
            and half_days.mean_cents > 0
    left join work.excluded_customers as excluded_customers
        on orders.customer_id = excluded_customers.customer_id
    where
        orders.customer_id is not null
        and excluded_customers.customer_id is null
),
by_customer as (
    select
        run,
        count(*) as order_count,
        sum(distance) as distance,
        sum(distance * distance) as squared_distance
    from distances
    group by run, customer_id
),
spreads as (
    select
        run,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(order_count * order_count) as squared_order_count,
        sum(distance) as distance,
        sum(squared_distance) as squared_distance,
        sum(half_up(distance * distance, order_count)) as squared_distance_of_customers
    from by_customer
    group by run
    having count(*) > 1 and sum(order_count) > count(*)
),
mean_squares as (
    select
        run,
        millionths(
            squared_distance - squared_distance_of_customers, order_count - customer_count
        ) as within_customers,
        millionths(
            greatest(squared_distance_of_customers - half_up(distance * distance, order_count), 0),
            customer_count - 1
        ) as between_customers,
        millionths(
            order_count * order_count - squared_order_count, order_count * (customer_count - 1)
        ) as group_size
    from spreads
),
variances as (
    select
        run,
        within_customers,
        millionths(between_customers - within_customers, group_size) as between_customers
    from mean_squares
    where between_customers > within_customers
)
select
    half_days.run,
    cast(half_days.mean_cents as bigint) as mean_cents,
    least(10000, coalesce(
        case
            when variances.between_customers > 0
                then half_up(100 * variances.within_customers, variances.between_customers)
        end, 10000
    )) as order_weight
from work.half_days as half_days
left join variances
    on half_days.run = variances.run;

create table work.estimates as
with
standing as (
    select
        customers.*,
        half_days.half_days,
        customers.age_days - customers.recency_days + half_days.half_days as promised,
        pace(customers.order_count, customers.age_days, half_days.half_days) as pace,
        missed_band(100 * customers.order_count * customers.recency_days, promised) as missed_band
    from work.value_customers as customers
    inner join work.half_days as half_days
        on customers.run = half_days.run
    where half_days.half_days is not null
),
with_orders as (
    select
        standing.run,
        standing.customer_key,
        standing.pace,
        standing.missed_band,
        cells.cell,
        cells.is_observed,
        least(
            999999999, half_up(100 * standing.order_count * standing.recency_days, standing.promised)
        ) as missed_hundredths,
        expected_orders(standing.pace, worths.worth_3m) as orders_3m,
        expected_orders(standing.pace, worths.worth_12m) as orders_12m,
        expected_orders(standing.pace, worths.worth_36m_discounted) as orders_36m,
        half_up(
            greatest(100 * standing.net_cents + weights.order_weight * weights.mean_cents, 0),
            100 * standing.order_count + weights.order_weight
        ) as order_cents
    from standing
    inner join work.cells as cells
        on
            standing.run = cells.run
            and order_band(standing.order_count) = cells.order_band
            and standing.missed_band = cells.missed_band
    inner join work.worths as worths
        on
            cells.run = worths.run
            and cells.cell = worths.cell
    inner join work.order_weights as weights
        on standing.run = weights.run
)
select
    with_orders.*,
    probabilities.probability,
    half_up(with_orders.orders_3m * with_orders.order_cents, 1000000) as cents_3m,
    half_up(with_orders.orders_12m * with_orders.order_cents, 1000000) as cents_12m,
    half_up(with_orders.orders_36m * with_orders.order_cents, 1000000) as cents_36m
from with_orders
inner join work.probabilities as probabilities
    on
        with_orders.run = probabilities.run
        and expected_band(with_orders.orders_3m) = probabilities.expected_band
        and with_orders.missed_band = probabilities.missed_band;

create table work.reasons as
with
counted as (
    select
        runs.*,
        half_days.half_days,
        count(cells.cell) as cell_count
    from work.runs as runs
    inner join work.half_days as half_days
        on runs.run = half_days.run
    left join work.cells as cells
        on runs.run = cells.run
    group by all
)
select
    run,
    run_as_of,
    horizon_months,
    month_end_count >= 15 as is_full_year,
    case
        when month_end_count < 6 then 'history_too_short'
        when half_days is null then 'no_repeat_customers'
        when cell_count = 0 then 'no_similar_customers'
    end as reason,
    coalesce(reason, case when month_end_count < 15 then 'no_full_year' end) as year_reason,
    coalesce(reason, case when month_end_count < 24 then 'history_too_short' end) as lifetime_reason
from counted;

create or replace table marts.customer_expected_value as
with
edges as (
    select
        lowest_edge(cents_12m) as lowest,
        highest_edge(cents_12m) as highest
    from work.estimates
    where run = 1
)
select
    customers.customer_id,
    reasons.run_as_of as as_of_date,
    lifetimes.order_count,
    hundredth(lifetimes.net_cents) as lifetime_revenue,
    ten_thousandth(half_up(365 * estimates.pace, 100)) as orders_per_year,
    cast(hundredth(estimates.missed_hundredths) as decimal(9, 2)) as missed_orders,
    cast(estimates.cell // 10 as bigint) as order_band,
    cast(estimates.cell % 10 + 1 as bigint) as missed_band,
    kept_ratios.starts as similar_customers,
    case estimates.is_observed when true then 'observed' when false then 'borrowed' end as basis,
    hundredth(estimates.order_cents) as expected_order_value,
    ten_thousandth(estimates.probability) as probability_active,
    four_places(estimates.orders_3m) as expected_orders_next_3m,
    four_places(case when reasons.year_reason is null then estimates.orders_12m end) as expected_orders_next_12m,
    hundredth(estimates.cents_3m) as expected_revenue_next_3m,
    hundredth(case when reasons.year_reason is null then estimates.cents_12m end) as expected_revenue_next_12m,
    hundredth(case when reasons.lifetime_reason is null then estimates.cents_36m end)
        as expected_remaining_value,
    hundredth(case when reasons.lifetime_reason is null then lifetimes.net_cents + estimates.cents_36m end)
        as expected_lifetime_value,
    case when reasons.year_reason is null then rank() over (order by estimates.cents_12m desc) end
        as expected_value_rank,
    case when reasons.year_reason is null then tier(estimates.cents_12m, edges.lowest, edges.highest) end
        as expected_value_tier,
    reasons.is_full_year,
    reasons.reason,
    reasons.year_reason,
    reasons.lifetime_reason
from work.lifetimes as lifetimes
inner join kept.customers as customers
    on lifetimes.customer_key = customers.customer_key
inner join work.reasons as reasons
    on reasons.run = 1
cross join edges
left join work.estimates as estimates
    on
        lifetimes.customer_key = estimates.customer_key
        and estimates.run = 1
left join work.kept_ratios as kept_ratios
    on
        estimates.run = kept_ratios.run
        and estimates.cell = kept_ratios.cell;

create or replace table marts.expected_value_cells as
with
customers as (
    select
        cell,
        count(*) as customers
    from work.estimates
    where run = 1
    group by cell
)
select
    getvariable('as_of') as as_of_date,
    cast(kept_ratios.cell // 10 as bigint) as order_band,
    cast(kept_ratios.cell % 10 + 1 as bigint) as missed_band,
    ['1', '2', '3 to 4', '5 to 9', '10 to 19', '20 to 49', '50 or more'][kept_ratios.cell // 10]
        as order_range,
    [
        '0 to 0.25', '0.25 to 0.5', '0.5 to 1', '1 to 2', '2 to 3', '3 to 5', '5 to 8', '8 to 13', '13 to 21',
        '21 or more'
    ][kept_ratios.cell % 10 + 1] as missed_range,
    coalesce(customers.customers, 0) as customers,
    kept_ratios.starts,
    four_places(worths.worth_3m) as worth_3m,
    four_places(worths.worth_6m) as worth_6m,
    four_places(worths.worth_9m) as worth_9m,
    four_places(worths.worth_12m) as worth_12m,
    four_places(worths.worth_24m) as worth_24m,
    four_places(worths.worth_36m) as worth_36m,
    four_places(worths.worth_36m_discounted) as worth_36m_discounted,
    four_places(kept_ratios.kept_ratio) as kept_ratio
from work.kept_ratios as kept_ratios
inner join work.worths as worths
    using (run, cell)
left join customers
    on kept_ratios.cell = customers.cell
where kept_ratios.run = 1;
