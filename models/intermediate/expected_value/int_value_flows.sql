with
observations as (
    select * from {{ ref('int_value_observations') }}
),

cells as (
    select * from {{ ref('int_value_cells') }}
),

paces as (
    select
        starts.run_as_of,
        starts.cell_order_band as order_band,
        starts.cell_missed_band as missed_band,
        ends.cell_order_band as next_order_band,
        ends.cell_missed_band as next_missed_band,
        cast(sum(observations.pace * observations.starts) as bigint) as pace,
        cast(sum(observations.end_pace) as bigint) as end_pace
    from observations
    inner join cells as starts
        on
            observations.run_as_of = starts.run_as_of
            and observations.order_band = starts.order_band
            and observations.missed_band = starts.missed_band
    inner join cells as ends
        on
            observations.run_as_of = ends.run_as_of
            and observations.end_order_band = ends.order_band
            and observations.end_missed_band = ends.missed_band
    group by
        starts.run_as_of,
        starts.cell_order_band,
        starts.cell_missed_band,
        ends.cell_order_band,
        ends.cell_missed_band
),

with_pace_of_cell as (
    select
        *,
        cast(sum(pace) over (partition by run_as_of, order_band, missed_band) as bigint) as pace_of_cell
    from paces
),

final as (
    select
        run_as_of,
        order_band,
        missed_band,
        next_order_band,
        next_missed_band,
        {{ millionths('end_pace', 'pace_of_cell') }} as flow
    from with_pace_of_cell
)

select * from final
