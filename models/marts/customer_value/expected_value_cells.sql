{% set horizons = ['3m', '6m', '9m', '12m', '24m', '36m', '36m_discounted'] %}

with
as_of as (
    select * from {{ ref('int_as_of_date') }}
),

kept_ratios as (
    select * from {{ ref('int_value_kept_ratios') }}
),

worths as (
    select * from {{ ref('int_value_worths') }}
),

estimates as (
    select * from {{ ref('int_value_estimates') }}
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
        kept_ratios.order_band,
        kept_ratios.missed_band,
        {{ band_range('kept_ratios.order_band', var('expected_value_order_bands'), step=1) }} as order_range,
        {{ band_range('kept_ratios.missed_band', var('expected_value_missed_bands')) }} as missed_range,
        cast(coalesce(customers.customers, 0) as bigint) as customers,
        kept_ratios.starts,
        {% for horizon in horizons -%}
        {{ millionths_as_decimal('worths.worth_' ~ horizon) }} as worth_{{ horizon }},
        {% endfor -%}
        {{ millionths_as_decimal('kept_ratios.kept_ratio') }} as kept_ratio
    from kept_ratios
    inner join as_of
        on kept_ratios.run_as_of = as_of.as_of_date
    inner join worths
        on
            kept_ratios.run_as_of = worths.run_as_of
            and kept_ratios.order_band = worths.order_band
            and kept_ratios.missed_band = worths.missed_band
    left join customers
        on
            kept_ratios.run_as_of = customers.run_as_of
            and kept_ratios.order_band = customers.cell_order_band
            and kept_ratios.missed_band = customers.cell_missed_band
)

select * from final
