{% set horizons = ['3m', '6m', '9m', '12m', '24m', '36m', '36m_discounted'] %}

with
as_of as (
    select * from {{ ref('int_as_of_date') }}
),

realised_ratios as (
    select * from {{ ref('int_expected_value_realised_ratios') }}
),

multiples as (
    select * from {{ ref('int_expected_value_multiples') }}
),

estimates as (
    select * from {{ ref('int_expected_value_estimates') }}
),

customers as (
    select
        run_as_of,
        cell_order_band,
        cell_missed_band,
        count(*) as customers
    from estimates
    group by run_as_of, cell_order_band, cell_missed_band
),

final as (
    select
        as_of.as_of_date,
        realised_ratios.order_band,
        realised_ratios.missed_band,
        {{ band_range('realised_ratios.order_band', var('expected_value_order_bands'), step=1) }} as order_range,
        {{ band_range('realised_ratios.missed_band', var('expected_value_missed_bands')) }} as missed_range,
        cast(coalesce(customers.customers, 0) as bigint) as customers,
        realised_ratios.starts,
        {% for horizon in horizons -%}
        {{ millionths_as_decimal('multiples.value_multiple_' ~ horizon) }} as worth_{{ horizon }},
        {% endfor -%}
        {{ millionths_as_decimal('realised_ratios.realised_ratio') }} as kept_ratio
    from realised_ratios
    inner join as_of
        on realised_ratios.run_as_of = as_of.as_of_date
    inner join multiples
        on
            realised_ratios.run_as_of = multiples.run_as_of
            and realised_ratios.order_band = multiples.order_band
            and realised_ratios.missed_band = multiples.missed_band
    left join customers
        on
            realised_ratios.run_as_of = customers.run_as_of
            and realised_ratios.order_band = customers.cell_order_band
            and realised_ratios.missed_band = customers.cell_missed_band
)

select * from final
