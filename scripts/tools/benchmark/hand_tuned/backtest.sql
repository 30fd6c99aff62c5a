create or replace table marts.expected_value_backtest as
with
moments as (
    select
        run_month,
        horizon_months,
        run_month - horizon_months as start_month,
        run_month + 3 as quarter_month,
        run_month + horizon_months as end_month
    from work.runs
    where run = 2
),
standings as (
    select
        standings.customer_key,
        max(standings.order_count) filter (where standings.month = moments.run_month) as orders,
        max(standings.order_count) filter (where standings.month = moments.quarter_month) as quarter_orders,
        max(standings.order_count) filter (where standings.month = moments.end_month) as end_orders,
        max(standings.net_cents) filter (where standings.month = moments.start_month) as cents_before,
        max(standings.net_cents) filter (where standings.month = moments.run_month) as net_cents,
        max(standings.net_cents) filter (where standings.month = moments.end_month) as end_cents
    from work.standings as standings
    inner join moments
        on standings.month in (
            moments.start_month, moments.run_month, moments.quarter_month, moments.end_month
        )
    group by standings.customer_key
),
outcomes as (
    select
        estimates.customer_key,
        case when moments.horizon_months = 12 then estimates.orders_12m else estimates.orders_3m end
            as predicted_orders,
        standings.end_orders - standings.orders as actual_orders,
        case when moments.horizon_months = 12 then estimates.cents_12m else estimates.cents_3m end
            as predicted_cents,
        standings.end_cents - standings.net_cents as actual_cents,
        standings.net_cents - coalesce(standings.cents_before, 0) as naive_cents,
        estimates.probability,
        standings.quarter_orders > standings.orders as is_active
    from work.estimates as estimates
    inner join standings
        on estimates.customer_key = standings.customer_key
    cross join moments
    where estimates.run = 2
),
ranked as (
    select
        outcomes.*,
        ntile(10) over (order by outcomes.predicted_cents desc, customers.customer_id) as decile,
        outcomes.predicted_cents > quantile_disc(outcomes.predicted_cents, 0.8) over () as is_predicted_best,
        outcomes.naive_cents > quantile_disc(outcomes.naive_cents, 0.8) over () as is_naive_best,
        outcomes.actual_cents > quantile_disc(outcomes.actual_cents, 0.8) over () as is_best
    from outcomes
    inner join kept.customers as customers
        on outcomes.customer_key = customers.customer_key
),
summed as (
    select
        coalesce(decile, 0) as decile,
        count(*) as customers,
        sum(predicted_orders) as predicted_orders,
        cast(sum(actual_orders) as bigint) as actual_orders,
        sum(predicted_cents) as predicted_cents,
        sum(actual_cents) as actual_cents,
        sum(abs(predicted_cents - actual_cents)) as absolute_error,
        sum((predicted_cents - actual_cents) * (predicted_cents - actual_cents)) as squared_error,
        count(*) filter (where is_predicted_best and is_best) as caught,
        count(*) filter (where is_naive_best and is_best) as naive_caught,
        count(*) filter (where is_best) as best,
        100 * sum(probability) as predicted_active,
        count(*) filter (where is_active) as actual_active,
        sum(naive_cents) as naive_cents,
        sum(abs(naive_cents - actual_cents)) as naive_absolute_error,
        sum((naive_cents - actual_cents) * (naive_cents - actual_cents)) as naive_squared_error
    from ranked
    group by grouping sets ((), (decile))
    having count(*) > 0
)
select
    reasons.run_as_of as cutoff_date,
    coalesce(summed.decile, 0) as decile,
    reasons.horizon_months,
    coalesce(
        summed.customers, (select count(*) from work.value_customers where run = 2)
    ) as customers,
    four_places(summed.predicted_orders) as predicted_orders,
    summed.actual_orders,
    hundredth(summed.predicted_cents) as predicted_revenue,
    hundredth(summed.actual_cents) as actual_revenue,
    rate(summed.predicted_cents, summed.actual_cents) as revenue_ratio,
    hundredth(summed.absolute_error) as absolute_error,
    cast(cast(summed.squared_error as decimal(34, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(38, 4))
        as squared_error,
    case when summed.decile = 0 then rate(summed.caught, summed.best) end as top_share_caught,
    four_places(summed.predicted_active) as predicted_active,
    summed.actual_active,
    hundredth(summed.naive_cents) as naive_revenue,
    hundredth(summed.naive_absolute_error) as naive_absolute_error,
    cast(cast(summed.naive_squared_error as decimal(34, 0)) * cast(0.0001 as decimal(4, 4)) as decimal(38, 4))
        as naive_squared_error,
    case when summed.decile = 0 then rate(summed.naive_caught, summed.best) end as naive_top_share_caught,
    reasons.reason
from work.reasons as reasons
left join summed
    on true
where reasons.run = 2;
