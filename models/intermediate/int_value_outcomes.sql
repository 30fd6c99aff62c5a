with
cutoffs as (
    select * from {{ ref('int_value_runs') }}
    where horizon_months is not null
),

customers as (
    select * from {{ ref('int_value_customers') }}
),

estimates as (
    select * from {{ ref('int_value_estimates') }}
),

customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

moments as (
    select
        run_as_of,
        horizon_months,
        {{ month_end_away('run_as_of', 3) }} as quarter_end_date,
        case
            when horizon_months = 12 then {{ month_end_away('run_as_of', 12) }}
            else {{ month_end_away('run_as_of', 3) }}
        end as horizon_end_date,
        case
            when horizon_months = 12 then {{ month_end_away('run_as_of', -12) }}
            else {{ month_end_away('run_as_of', -3) }}
        end as naive_start_date
    from cutoffs
),

standings as (
    select
        moments.run_as_of,
        customer_month_ends.customer_id,
        max(case when month_end_date = quarter_end_date then order_count end) as quarter_order_count,
        max(case when month_end_date = horizon_end_date then order_count end) as horizon_order_count,
        max(case when month_end_date = horizon_end_date then lifetime_revenue end) as horizon_revenue,
        coalesce(max(case when month_end_date = naive_start_date then lifetime_revenue end), 0) as revenue_before
    from customer_month_ends
    inner join moments
        on customer_month_ends.month_end_date in (quarter_end_date, horizon_end_date, naive_start_date)
    group by moments.run_as_of, customer_month_ends.customer_id
),

predictions as (
    select
        estimates.run_as_of,
        estimates.customer_id,
        estimates.probability,
        case when cutoffs.horizon_months = 12 then estimates.orders_12m else estimates.orders_3m end as orders,
        case
            when cutoffs.horizon_months = 12 then estimates.revenue_12m_cents else estimates.revenue_3m_cents
        end as revenue_cents
    from estimates
    inner join cutoffs
        on estimates.run_as_of = cutoffs.run_as_of
),

final as (
    select
        predictions.run_as_of,
        predictions.customer_id,
        predictions.orders as predicted_orders,
        standings.horizon_order_count - customers.order_count as actual_orders,
        {{ cents_as_money('predictions.revenue_cents') }} as predicted_revenue,
        {{ money('standings.horizon_revenue - ' ~ cents_as_money('customers.lifetime_revenue_cents')) }} as actual_revenue,
        {{ money(cents_as_money('customers.lifetime_revenue_cents') ~ ' - standings.revenue_before') }} as naive_revenue,
        predictions.probability,
        standings.quarter_order_count > customers.order_count as is_active
    from predictions
    inner join customers
        on
            predictions.run_as_of = customers.run_as_of
            and predictions.customer_id = customers.customer_id
    inner join standings
        on
            predictions.run_as_of = standings.run_as_of
            and predictions.customer_id = standings.customer_id
)

select * from final
