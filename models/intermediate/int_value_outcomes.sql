with
cutoffs as (
    select * from {{ ref('int_value_runs') }}
    where horizon_months is not null
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
        customer_month_ends.order_count,
        customer_month_ends.lifetime_revenue,
        customer_month_ends.month_end_date = moments.naive_start_date as is_naive_start,
        customer_month_ends.month_end_date = moments.run_as_of as is_cutoff,
        customer_month_ends.month_end_date = moments.quarter_end_date as is_quarter_end,
        customer_month_ends.month_end_date = moments.horizon_end_date as is_horizon_end
    from customer_month_ends
    inner join moments
        on customer_month_ends.month_end_date in (
            moments.naive_start_date, moments.run_as_of, moments.quarter_end_date, moments.horizon_end_date
        )
),

by_customer as (
    select
        run_as_of,
        customer_id,
        max(case when is_cutoff then order_count end) as order_count,
        max(case when is_quarter_end then order_count end) as quarter_order_count,
        max(case when is_horizon_end then order_count end) as horizon_order_count,
        max(case when is_naive_start then lifetime_revenue end) as revenue_before,
        max(case when is_cutoff then lifetime_revenue end) as revenue,
        max(case when is_horizon_end then lifetime_revenue end) as horizon_revenue
    from standings
    group by run_as_of, customer_id
),

final as (
    select
        estimates.run_as_of,
        estimates.customer_id,
        case
            when cutoffs.horizon_months = 12 then estimates.orders_12m
            else estimates.orders_3m
        end as predicted_orders,
        by_customer.horizon_order_count - by_customer.order_count as actual_orders,
        case
            when cutoffs.horizon_months = 12 then {{ cents_as_money('estimates.revenue_12m_cents') }}
            else {{ cents_as_money('estimates.revenue_3m_cents') }}
        end as predicted_revenue,
        {{ money('by_customer.horizon_revenue - by_customer.revenue') }} as actual_revenue,
        {{ money('by_customer.revenue - coalesce(by_customer.revenue_before, 0)') }} as naive_revenue,
        estimates.probability,
        by_customer.quarter_order_count > by_customer.order_count as is_active
    from estimates
    inner join cutoffs
        on estimates.run_as_of = cutoffs.run_as_of
    inner join by_customer
        on
            estimates.run_as_of = by_customer.run_as_of
            and estimates.customer_id = by_customer.customer_id
)

select * from final
