with
lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

estimates as (
    select * from {{ ref('int_expected_value_estimates') }}
),

cells as (
    select * from {{ ref('int_expected_value_realised_ratios') }}
),

reasons as (
    select * from {{ ref('int_expected_value_reasons') }}
),

joined as (
    select
        lifetimes.customer_id,
        lifetimes.as_of_date,
        lifetimes.order_count,
        lifetimes.lifetime_revenue,
        {{ millionths_as_decimal('365 * estimates.purchase_rate') }} as orders_per_year,
        cast(estimates.missed_hundredths * cast(0.01 as decimal(3, 2)) as decimal(9, 2)) as missed_orders,
        estimates.cell_order_band as order_band,
        estimates.cell_missed_band as missed_band,
        cells.starts as similar_customers,
        cast(case
            when estimates.is_observed then 'observed'
            when not estimates.is_observed then 'borrowed'
        end as varchar(16)) as basis,
        {{ cents_as_money('estimates.order_cents') }} as expected_order_value,
        cast(estimates.probability * cast(0.0001 as decimal(5, 4)) as decimal(18, 4)) as probability_active,
        {{ millionths_as_decimal('estimates.orders_3m') }} as expected_orders_next_3m,
        {{ millionths_as_decimal('case when reasons.year_reason is null then estimates.orders_12m end') }}
            as expected_orders_next_12m,
        {{ cents_as_money('estimates.revenue_3m_cents') }} as expected_revenue_next_3m,
        {{ cents_as_money('case when reasons.year_reason is null then estimates.revenue_12m_cents end') }}
            as expected_revenue_next_12m,
        {{ cents_as_money('case when reasons.lifetime_reason is null then estimates.revenue_36m_cents end') }}
            as expected_remaining_value,
        reasons.is_full_year,
        reasons.reason,
        reasons.year_reason,
        reasons.lifetime_reason
    from lifetimes
    inner join reasons
        on lifetimes.as_of_date = reasons.run_as_of
    left join estimates
        on
            lifetimes.as_of_date = estimates.run_as_of
            and lifetimes.customer_id = estimates.customer_id
    left join cells
        on
            estimates.run_as_of = cells.run_as_of
            and estimates.cell_order_band = cells.order_band
            and estimates.cell_missed_band = cells.missed_band
),

revenue_bands as (
    {{ share_bands('joined', 'expected_revenue_next_12m') }}
),

final as (
    select
        joined.customer_id,
        joined.as_of_date,
        joined.order_count,
        joined.lifetime_revenue,
        joined.orders_per_year,
        joined.missed_orders,
        joined.order_band,
        joined.missed_band,
        joined.similar_customers,
        joined.basis,
        joined.expected_order_value,
        joined.probability_active,
        joined.expected_orders_next_3m,
        joined.expected_orders_next_12m,
        joined.expected_revenue_next_3m,
        joined.expected_revenue_next_12m,
        joined.expected_remaining_value,
        {{ money('joined.lifetime_revenue + joined.expected_remaining_value') }} as expected_lifetime_value,
        revenue_bands.value_rank as expected_value_rank,
        revenue_bands.share_band as expected_value_tier,
        joined.is_full_year,
        joined.reason,
        joined.year_reason,
        joined.lifetime_reason
    from joined
    left join revenue_bands
        on joined.expected_revenue_next_12m = revenue_bands.expected_revenue_next_12m
)

select * from final
