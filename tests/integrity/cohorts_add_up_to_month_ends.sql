{{ config(tags=['full_build_only']) }}

with
cohorts as (
    select * from {{ ref('customer_cohorts') }}
),

lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

month_ends as (
    select * from {{ ref('customer_month_end') }}
),

followed as (
    select
        cohort_month,
        months_since_first,
        customer_count,
        sum(order_count) over (
            partition by cohort_month
            order by months_since_first
            rows between unbounded preceding and current row
        ) as order_count,
        cumulative_net_revenue
    from cohorts
),

-- The same customers at the same month ends, by what each of them had brought until then.
expected as (
    select
        {{ month_start('lifetimes.first_order_date') }} as cohort_month,
        month_ends.month_end_date,
        count(*) as customer_count,
        sum(month_ends.order_count) as order_count,
        sum(month_ends.lifetime_revenue) as lifetime_revenue
    from month_ends
    inner join lifetimes
        on month_ends.customer_id = lifetimes.customer_id
    group by {{ month_start('lifetimes.first_order_date') }}, month_ends.month_end_date
),

dated as (
    select
        *,
        cast(
            12 * (extract(year from month_end_date) - extract(year from cohort_month))
            + extract(month from month_end_date) - extract(month from cohort_month) as bigint
        ) as months_since_first
    from expected
),

final as (
    select
        coalesce(followed.cohort_month, dated.cohort_month) as cohort_month,
        coalesce(followed.months_since_first, dated.months_since_first) as months_since_first,
        followed.customer_count,
        dated.customer_count as expected_customer_count,
        followed.order_count,
        dated.order_count as expected_order_count,
        followed.cumulative_net_revenue,
        dated.lifetime_revenue as expected_net_revenue
    from followed
    full outer join dated
        on
            followed.cohort_month = dated.cohort_month
            and followed.months_since_first = dated.months_since_first
    where
        followed.cohort_month is null
        or dated.cohort_month is null
        or followed.customer_count <> dated.customer_count
        or followed.order_count <> dated.order_count
        or followed.cumulative_net_revenue <> dated.lifetime_revenue
)

select * from final
