with
lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

cutoffs as (
    select * from {{ ref('int_value_runs') }}
    where horizon_months is not null
),

today as (
    select
        as_of_date as run_as_of,
        customer_id,
        order_count,
        lifetime_revenue,
        customer_age_days as age_days,
        as_of_date - last_order_date as recency_days
    from lifetimes
),

at_the_cutoff as (
    select
        cutoffs.run_as_of,
        customer_month_ends.customer_id,
        customer_month_ends.order_count,
        customer_month_ends.lifetime_revenue,
        cutoffs.run_as_of - lifetimes.first_order_date as age_days,
        customer_month_ends.recency_days
    from customer_month_ends
    inner join cutoffs
        on customer_month_ends.month_end_date = cutoffs.run_as_of
    inner join lifetimes
        on customer_month_ends.customer_id = lifetimes.customer_id
),

together as (
    select * from today
    union all
    select * from at_the_cutoff
),

final as (
    select
        run_as_of,
        customer_id,
        order_count,
        {{ whole_number(hundredths('lifetime_revenue')) }} as lifetime_revenue_cents,
        {{ whole_number('age_days') }} as age_days,
        {{ whole_number('recency_days') }} as recency_days
    from together
)

select * from final
