with
landing_checks as (
    select * from {{ ref('int_landing_checks') }}
),

exclusion_checks as (
    select * from {{ ref('int_exclusion_checks') }}
),

counts as (
    select
        check_name,
        row_count,
        cast(0 as decimal(18, 2)) as revenue_affected
    from landing_checks

    union all

    select
        check_name,
        row_count,
        revenue_affected
    from exclusion_checks
),

checks as (
    {% for check in data_quality_checks() -%}
    select
        cast('{{ check.name }}' as varchar(64)) as check_name,
        cast('{{ check.description }}' as varchar(512)) as description
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        checks.check_name,
        cast(coalesce(counts.row_count, 0) as bigint) as row_count,
        {{ money('coalesce(counts.revenue_affected, 0)') }} as revenue_affected,
        checks.description
    from checks
    left join counts
        on checks.check_name = counts.check_name
)

select * from final
