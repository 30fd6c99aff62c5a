with
purchase_rates as (
    select * from {{ ref('int_expected_value_purchase_rates') }}
),

multiples as (
    select * from {{ ref('int_expected_value_multiples') }}
),

probabilities as (
    select * from {{ ref('int_expected_value_probabilities') }}
),

order_weights as (
    select * from {{ ref('int_expected_value_order_value_weights') }}
),

with_orders as (
    select
        purchase_rates.*,
        {{ expected_orders('purchase_rates.purchase_rate', 'multiples.value_multiple_3m') }} as orders_3m,
        {{ expected_orders('purchase_rates.purchase_rate', 'multiples.value_multiple_12m') }} as orders_12m,
        {{ expected_orders('purchase_rates.purchase_rate', 'multiples.value_multiple_36m_discounted') }} as orders_36m,
        greatest(
            100 * purchase_rates.lifetime_revenue_cents + order_weights.order_weight * order_weights.mean_order_cents, 0
        ) as order_value_dividend,
        100 * purchase_rates.order_count + order_weights.order_weight as order_value_divisor
    from purchase_rates
    inner join multiples
        on
            purchase_rates.run_as_of = multiples.run_as_of
            and purchase_rates.cell_order_band = multiples.order_band
            and purchase_rates.cell_missed_band = multiples.missed_band
    inner join order_weights
        on purchase_rates.run_as_of = order_weights.run_as_of
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
        with_values.purchase_rate,
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
