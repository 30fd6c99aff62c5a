with
cutoffs as (
    select * from {{ ref('int_expected_value_reasons') }}
    where horizon_months is not null
),

outcomes as (
    select * from {{ ref('int_expected_value_outcomes') }}
),

customers as (
    select * from {{ ref('int_expected_value_customers') }}
),

{% for measure in ['predicted', 'actual', 'naive'] -%}
{{ measure }}_bands as (
    {{ share_bands('outcomes', measure ~ '_revenue') }}
),

{% endfor -%}
ranked as (
    select
        outcomes.*,
        ntile(10) over (order by outcomes.predicted_revenue desc, outcomes.customer_id asc) as decile,
        case when predicted_bands.share_band = 'High' then 1 else 0 end as predicted_best,
        case when actual_bands.share_band = 'High' then 1 else 0 end as actual_best,
        case when naive_bands.share_band = 'High' then 1 else 0 end as naive_best,
        {{ money('outcomes.predicted_revenue - outcomes.actual_revenue') }} as error,
        {{ money('outcomes.naive_revenue - outcomes.actual_revenue') }} as naive_error
    from outcomes
    inner join predicted_bands on outcomes.predicted_revenue = predicted_bands.predicted_revenue
    inner join actual_bands on outcomes.actual_revenue = actual_bands.actual_revenue
    inner join naive_bands on outcomes.naive_revenue = naive_bands.naive_revenue
),

-- Every customer counts in two rows: in that of all, decile 0, and in that of their decile.
shares as (
    select 0 as factor
    union all
    select 1 as factor
),

summed as (
    select
        ranked.run_as_of,
        ranked.decile * shares.factor as decile,
        cast(count(*) as bigint) as customers,
        {{ millionths_as_decimal('cast(sum(ranked.predicted_orders) as bigint)') }} as predicted_orders,
        cast(sum(ranked.actual_orders) as bigint) as actual_orders,
        {{ money('sum(ranked.predicted_revenue)') }} as predicted_revenue,
        {{ money('sum(ranked.actual_revenue)') }} as actual_revenue,
        {{ money('sum(abs(ranked.error))') }} as absolute_error,
        cast(sum(ranked.error * ranked.error) as decimal(38, 4)) as squared_error,
        {{ rate('sum(ranked.predicted_best * ranked.actual_best)', 'sum(ranked.actual_best)') }} as top_share_caught,
        {{ rate('sum(ranked.naive_best * ranked.actual_best)', 'sum(ranked.actual_best)') }} as naive_top_share_caught,
        {{ millionths_as_decimal('cast(100 * sum(ranked.probability) as bigint)') }} as predicted_active,
        cast(sum(case when ranked.is_active then 1 else 0 end) as bigint) as actual_active,
        {{ money('sum(ranked.naive_revenue)') }} as naive_revenue,
        {{ money('sum(abs(ranked.naive_error))') }} as naive_absolute_error,
        cast(sum(ranked.naive_error * ranked.naive_error) as decimal(38, 4)) as naive_squared_error
    from ranked
    cross join shares
    group by ranked.run_as_of, ranked.decile * shares.factor
),

counted as (
    select
        run_as_of,
        count(*) as customers
    from customers
    group by run_as_of
),

final as (
    select
        cutoffs.run_as_of as cutoff_date,
        cast(coalesce(summed.decile, 0) as bigint) as decile,
        cutoffs.horizon_months,
        cast(coalesce(summed.customers, counted.customers, 0) as bigint) as customers,
        summed.predicted_orders,
        summed.actual_orders,
        summed.predicted_revenue,
        summed.actual_revenue,
        {{ rate(hundredths('summed.predicted_revenue'), hundredths('summed.actual_revenue')) }} as revenue_ratio,
        summed.absolute_error,
        summed.squared_error,
        case when summed.decile = 0 then summed.top_share_caught end as top_share_caught,
        summed.predicted_active,
        summed.actual_active,
        summed.naive_revenue,
        summed.naive_absolute_error,
        summed.naive_squared_error,
        case when summed.decile = 0 then summed.naive_top_share_caught end as naive_top_share_caught,
        cutoffs.reason
    from cutoffs
    left join summed on cutoffs.run_as_of = summed.run_as_of
    left join counted on cutoffs.run_as_of = counted.run_as_of
)

select * from final
