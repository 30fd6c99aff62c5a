with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

history as (
    select * from {{ ref('customer_lifetime_value_history') }}
),

runs as (
    select * from {{ ref('int_expected_value_runs') }}
),

final as (
    select
        runs.run_as_of,
        history.customer_id,
        history.order_count,
        cast({{ hundredths('history.lifetime_revenue') }} as bigint) as lifetime_revenue_cents,
        cast(runs.run_as_of - customer_totals.first_order_date as bigint) as age_days,
        cast(runs.run_as_of - history.valid_from as bigint) as recency_days
    from history
    inner join runs
        on
            history.valid_from <= runs.run_as_of
            and (history.valid_to > runs.run_as_of or history.valid_to is null)
    inner join customer_totals
        on history.customer_id = customer_totals.customer_id
)

select * from final
