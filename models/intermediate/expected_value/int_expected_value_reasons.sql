with
runs as (
    select * from {{ ref('int_expected_value_runs') }}
),

priors as (
    select * from {{ ref('int_expected_value_priors') }}
),

cells as (
    select * from {{ ref('int_expected_value_nearest_cells') }}
),

with_counts as (
    select
        runs.run_as_of,
        runs.horizon_months,
        runs.month_end_count,
        priors.prior_days,
        count(cells.run_as_of) as cell_count
    from runs
    left join priors
        on runs.run_as_of = priors.run_as_of
    left join cells
        on runs.run_as_of = cells.run_as_of
    group by runs.run_as_of, runs.horizon_months, runs.month_end_count, priors.prior_days
),

with_reasons as (
    select
        *,
        case
            when month_end_count < {{ var('expected_value_min_month_ends') }} then 'history_too_short'
            when prior_days is null then 'no_repeat_customers'
            when cell_count = 0 then 'no_similar_customers'
        end as reason
    from with_counts
),

final as (
    select
        run_as_of,
        horizon_months,
        month_end_count >= {{ var('expected_value_full_year_month_ends') }} as is_full_year,
        cast(reason as varchar(32)) as reason,
        cast(coalesce(
            reason,
            case when month_end_count < {{ var('expected_value_full_year_month_ends') }} then 'no_full_year' end
        ) as varchar(32)) as year_reason,
        cast(coalesce(
            reason,
            case when month_end_count < {{ var('expected_lifetime_min_month_ends') }} then 'history_too_short' end
        ) as varchar(32)) as lifetime_reason
    from with_reasons
)

select * from final
