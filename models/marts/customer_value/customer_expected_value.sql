with
lifetimes as (
    select * from {{ ref('customer_lifetime_value') }}
),

estimates as (
    select * from {{ ref('int_value_estimates') }}
),

cells as (
    select * from {{ ref('int_value_kept_ratios') }}
),

reasons as (
    select * from {{ ref('int_value_reasons') }}
),

joined as (
    select
        lifetimes.customer_id,
        lifetimes.as_of_date,
        lifetimes.order_count,
        lifetimes.lifetime_revenue,
        {{ millionths_as_decimal('365 * estimates.pace') }} as orders_per_year,
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
        {{ millionths_as_decimal('estimates.orders_12m') }} as expected_orders_next_12m,
        {{ cents_as_money('estimates.revenue_3m_cents') }} as expected_revenue_next_3m,
        {{ cents_as_money('estimates.revenue_12m_cents') }} as expected_revenue_next_12m,
        {{ cents_as_money('case when reasons.lifetime_reason is null then estimates.revenue_36m_cents end') }}
            as expected_remaining_value,
        reasons.is_full_year,
        reasons.reason,
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

final as (
    select
        customer_id,
        as_of_date,
        order_count,
        lifetime_revenue,
        orders_per_year,
        missed_orders,
        order_band,
        missed_band,
        similar_customers,
        basis,
        expected_order_value,
        probability_active,
        expected_orders_next_3m,
        expected_orders_next_12m,
        expected_revenue_next_3m,
        expected_revenue_next_12m,
        expected_remaining_value,
        {{ money('lifetime_revenue + expected_remaining_value') }} as expected_lifetime_value,
        case
            when reason is null then {{ whole_number('rank() over (order by expected_revenue_next_12m desc)') }}
        end as expected_value_rank,
        case when reason is null then {{ share_band('expected_revenue_next_12m') }} end as expected_value_tier,
        is_full_year,
        reason,
        lifetime_reason
    from joined
)

select * from final
