with
observations as (
    select * from {{ ref('int_value_observations') }}
),

cells as (
    select * from {{ ref('int_value_cells') }}
),

worths as (
    select * from {{ ref('int_value_worths') }}
),

expected as (
    select
        observations.run_as_of,
        observations.missed_band,
        observations.starts,
        observations.returned,
        {{ expected_orders('observations.pace', 'worths.worth_3m') }} as expected_orders
    from observations
    inner join cells
        on
            observations.run_as_of = cells.run_as_of
            and observations.order_band = cells.order_band
            and observations.missed_band = cells.missed_band
    inner join worths
        on
            cells.run_as_of = worths.run_as_of
            and cells.cell_order_band = worths.order_band
            and cells.cell_missed_band = worths.missed_band
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
