with
observations as (
    select * from {{ ref('int_expected_value_observations') }}
),

cells as (
    select * from {{ ref('int_expected_value_nearest_cells') }}
),

multiples as (
    select * from {{ ref('int_expected_value_multiples') }}
),

expected as (
    select
        observations.run_as_of,
        observations.missed_band,
        observations.starts,
        observations.returned,
        {{ expected_orders('observations.purchase_rate', 'multiples.value_multiple_3m') }} as expected_orders
    from observations
    inner join cells
        on
            observations.run_as_of = cells.run_as_of
            and observations.order_band = cells.order_band
            and observations.missed_band = cells.missed_band
    inner join multiples
        on
            cells.run_as_of = multiples.run_as_of
            and cells.cell_order_band = multiples.order_band
            and cells.cell_missed_band = multiples.missed_band
),

banded as (
    select
        run_as_of,
        {{ expected_orders_band('expected_orders') }} as expected_band,
        missed_band,
        starts,
        returned
    from expected
),

final as (
    select
        run_as_of,
        expected_band,
        missed_band,
        cast(sum(starts) as bigint) as starts,
        cast(sum(returned) as bigint) as returned
    from banded
    group by run_as_of, expected_band, missed_band
)

select * from final
