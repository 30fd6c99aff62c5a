{% set missed = missed_orders(
    'standing.order_count', 'standing.age_days', 'standing.recency_days', 'standing.half_days'
) %}

with
customers as (
    select * from {{ ref('int_value_customers') }}
),

averages as (
    select * from {{ ref('int_value_averages') }}
    where half_days is not null
),

cells as (
    select * from {{ ref('int_value_cells') }}
),

standing as (
    select
        customers.*,
        averages.half_days,
        {{ order_band('customers.order_count') }} as order_band,
        {{ missed_band(
            'customers.order_count', 'customers.age_days', 'customers.recency_days', 'averages.half_days'
        ) }} as missed_band
    from customers
    inner join averages
        on customers.run_as_of = averages.run_as_of
),

final as (
    select
        standing.run_as_of,
        standing.customer_id,
        standing.order_count,
        standing.lifetime_revenue_cents,
        {{ purchase_rate('standing.order_count', 'standing.age_days', 'standing.half_days') }} as pace,
        least(
            cast(999999999 as bigint), {{ half_up('100 * ' ~ missed.dividend, missed.divisor) }}
        ) as missed_hundredths,
        standing.missed_band,
        cells.cell_order_band,
        cells.cell_missed_band,
        cells.is_observed
    from standing
    inner join cells
        on
            standing.run_as_of = cells.run_as_of
            and standing.order_band = cells.order_band
            and standing.missed_band = cells.missed_band
)

select * from final
