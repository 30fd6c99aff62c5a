with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

known as (
    select
        as_of.as_of_date,
        min(customer_totals.first_order_date) as first_order_date
    from customer_totals
    cross join as_of
    group by as_of.as_of_date
),

possible_runs as (
    select
        as_of_date as run_as_of,
        first_order_date,
        cast(null as bigint) as horizon_months
    from known

    {% for months in [12, 3] -%}
    union all

    select
        {{ shifted_month_end('as_of_date + 1', -1 - months) }} as run_as_of,
        first_order_date,
        cast({{ months }} as bigint) as horizon_months
    from known
    {% endfor %}
),

-- As many as customer_month_end has: from the first order of anybody on it has rows at each month end.
with_month_ends as (
    select
        run_as_of,
        horizon_months,
        greatest(
            cast(
                12 * (extract(year from run_as_of + 1) - extract(year from first_order_date))
                + extract(month from run_as_of + 1) - extract(month from first_order_date) as bigint
            ), 0
        ) as month_end_count
    from possible_runs
),

with_year_ago as (
    select
        *,
        max(case when horizon_months = 12 then month_end_count end) over () as year_ago_count
    from with_month_ends
),

final as (
    select
        run_as_of,
        horizon_months,
        month_end_count
    from with_year_ago
    where
        horizon_months is null
        or horizon_months
        = case when year_ago_count >= {{ var('expected_value_min_month_ends') }} then 12 else 3 end
)

select * from final
