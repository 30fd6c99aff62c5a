{# Months from the cutoff to each moment, when 12 months are tested and when 3 are. #}
{% set months_away = {
    'naive_start': [-12, -3], 'cutoff': [0, 0], 'quarter_end': [3, 3], 'horizon_end': [12, 3]
} %}

with
cutoffs as (
    select * from {{ ref('int_expected_value_runs') }}
    where horizon_months is not null
),

estimates as (
    select * from {{ ref('int_expected_value_estimates') }}
),

customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

moments as (
    {% for moment, months in months_away.items() -%}
    select
        run_as_of,
        '{{ moment }}' as moment,
        case
            when horizon_months = 12 then {{ shifted_month_end('run_as_of', months[0]) }}
            else {{ shifted_month_end('run_as_of', months[1]) }}
        end as month_end_date
    from cutoffs
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

states as (
    select
        moments.run_as_of,
        moments.moment,
        customer_month_ends.customer_id,
        customer_month_ends.order_count,
        customer_month_ends.lifetime_revenue
    from customer_month_ends
    inner join moments
        on customer_month_ends.month_end_date = moments.month_end_date
),

by_customer as (
    select
        run_as_of,
        customer_id,
        max(case when moment = 'cutoff' then order_count end) as order_count,
        max(case when moment = 'quarter_end' then order_count end) as quarter_order_count,
        max(case when moment = 'horizon_end' then order_count end) as horizon_order_count,
        max(case when moment = 'naive_start' then lifetime_revenue end) as revenue_before,
        max(case when moment = 'cutoff' then lifetime_revenue end) as revenue,
        max(case when moment = 'horizon_end' then lifetime_revenue end) as horizon_revenue
    from states
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
