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
        case horizon_months when 12 then {{ month_end_away('run_as_of', -12) }} else {{ month_end_away('run_as_of', -3) }} end as naive_start_date,
        {{ month_end_away('run_as_of', 3) }} as quarter_end_date,
        case horizon_months when 12 then {{ month_end_away('run_as_of', 12) }} else {{ month_end_away('run_as_of', 3) }} end as horizon_end_date
    from cutoffs
),

final as (
    select
        moments.run_as_of,
        estimates.customer_id,
        case moments.horizon_months
            when 12 then estimates.orders_12m else estimates.orders_3m
        end as predicted_orders,
        at_end.order_count - customers.order_count as actual_orders,
        {{ cents_as_money(
            'case moments.horizon_months when 12 then estimates.revenue_12m_cents else estimates.revenue_3m_cents end'
        ) }} as predicted_revenue,
        {{ money('at_end.lifetime_revenue - ' ~ cents_as_money('customers.lifetime_revenue_cents')) }} as actual_revenue,
        {{ money(
            cents_as_money('customers.lifetime_revenue_cents') ~ ' - coalesce(before.lifetime_revenue, 0)'
        ) }} as naive_revenue,
        estimates.probability,
        at_quarter.order_count > customers.order_count as is_active
    from estimates
    inner join moments
        on estimates.run_as_of = moments.run_as_of
    inner join customers
        on
            estimates.run_as_of = customers.run_as_of
            and estimates.customer_id = customers.customer_id
    inner join customer_month_ends as at_quarter
        on
            estimates.customer_id = at_quarter.customer_id
            and moments.quarter_end_date = at_quarter.month_end_date
    inner join customer_month_ends as at_end
        on
            estimates.customer_id = at_end.customer_id
            and moments.horizon_end_date = at_end.month_end_date
    left join customer_month_ends as before
        on
            estimates.customer_id = before.customer_id
            and moments.naive_start_date = before.month_end_date
)

select * from final
