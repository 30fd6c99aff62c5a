with
paces as (
    select * from {{ ref('int_value_paces') }}
),

worths as (
    select * from {{ ref('int_value_worths') }}
),

probabilities as (
    select * from {{ ref('int_value_probabilities') }}
),

order_weights as (
    select * from {{ ref('int_value_order_weights') }}
),

with_orders as (
    select
        paces.*,
        {{ expected_orders('paces.pace', 'worths.worth_3m') }} as orders_3m,
        {{ expected_orders('paces.pace', 'worths.worth_12m') }} as orders_12m,
        {{ expected_orders('paces.pace', 'worths.worth_36m_discounted') }} as orders_36m,
        greatest(
            100 * paces.lifetime_revenue_cents + order_weights.order_weight * order_weights.mean_order_cents, 0
        ) as order_value_dividend,
        100 * paces.order_count + order_weights.order_weight as order_value_divisor
    from paces
    inner join worths
        on
            paces.run_as_of = worths.run_as_of
            and paces.cell_order_band = worths.order_band
            and paces.cell_missed_band = worths.missed_band
    inner join order_weights
        on paces.run_as_of = order_weights.run_as_of
),

with_values as (
    select
        *,
        {{ expected_orders_band('orders_3m') }} as expected_band,
        {{ half_up('order_value_dividend', 'order_value_divisor') }} as order_cents
    from with_orders
),

final as (
    select
        with_values.run_as_of,
        with_values.customer_id,
        with_values.pace,
        with_values.missed_hundredths,
        with_values.cell_order_band,
        with_values.cell_missed_band,
        with_values.is_observed,
        probabilities.probability,
        with_values.order_cents,
        with_values.orders_3m,
        with_values.orders_12m,
        {{ half_up('with_values.orders_3m * with_values.order_cents', '1000000') }} as revenue_3m_cents,
        {{ half_up('with_values.orders_12m * with_values.order_cents', '1000000') }} as revenue_12m_cents,
        {{ half_up('with_values.orders_36m * with_values.order_cents', '1000000') }} as revenue_36m_cents
    from with_values
    inner join probabilities
        on
            with_values.run_as_of = probabilities.run_as_of
            and with_values.expected_band = probabilities.expected_band
            and with_values.missed_band = probabilities.missed_band
)

select * from final
