with
customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

touched_horizons as (
    select * from {{ ref('int_touched_horizons') }}
),

as_of as (
    select distinct as_of_date
    from lifetimes
),

month_ends as (
    select distinct month_end_date
    from customer_month_ends
),

last_months as (
    select {{ month_start('as_of_date + 1') }} - 1 as last_month_end
    from as_of
),

possible_cutoffs as (
    select
        {{ month_end_away('last_month_end', -12) }} as year_ago,
        {{ month_end_away('last_month_end', -3) }} as quarter_ago
    from last_months
),

cutoffs as (
    select
        possible_cutoffs.year_ago,
        possible_cutoffs.quarter_ago,
        count(month_ends.month_end_date) >= {{ var('expected_value_min_month_ends') }} as is_year_possible
    from possible_cutoffs
    left join month_ends
        on possible_cutoffs.year_ago >= month_ends.month_end_date
    group by possible_cutoffs.year_ago, possible_cutoffs.quarter_ago
),

runs as (
    select
        as_of_date as run_as_of,
        cast(null as bigint) as horizon_months
    from as_of

    union all

    select
        case when is_year_possible then year_ago else quarter_ago end as run_as_of,
        cast(case when is_year_possible then 12 else 3 end as bigint) as horizon_months
    from cutoffs
    where exists (select 1 from touched_horizons)
),

final as (
    select
        runs.run_as_of,
        runs.horizon_months,
        {{ whole_number('count(month_ends.month_end_date)') }} as month_end_count
    from runs
    left join month_ends
        on runs.run_as_of >= month_ends.month_end_date
    group by runs.run_as_of, runs.horizon_months
)

select * from final
