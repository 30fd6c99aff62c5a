{% set missed = missed_orders(
    'banded.order_count', 'banded.age_days', 'banded.recency_days', 'banded.prior_days'
) %}

with
customers as (
    select * from {{ ref('int_expected_value_customers') }}
),

priors as (
    select * from {{ ref('int_expected_value_priors') }}
    where prior_days is not null
),

cells as (
    select * from {{ ref('int_expected_value_nearest_cells') }}
),

banded as (
    select
        customers.*,
        priors.prior_days,
        {{ order_band('customers.order_count') }} as order_band,
        {{ missed_band(
            'customers.order_count', 'customers.age_days', 'customers.recency_days', 'priors.prior_days'
        ) }} as missed_band
    from customers
    inner join priors
        on customers.run_as_of = priors.run_as_of
),

final as (
    select
        banded.run_as_of,
        banded.customer_id,
        banded.order_count,
        banded.lifetime_revenue_cents,
        {{ purchase_rate('banded.order_count', 'banded.age_days', 'banded.prior_days') }} as purchase_rate,
        least(
            cast(999999999 as bigint), {{ half_up('100 * ' ~ missed.dividend, missed.divisor) }}
        ) as missed_hundredths,
        banded.missed_band,
        cells.cell_order_band,
        cells.cell_missed_band,
        cells.is_observed
    from banded
    inner join cells
        on
            banded.run_as_of = cells.run_as_of
            and banded.order_band = cells.order_band
            and banded.missed_band = cells.missed_band
)

select * from final
