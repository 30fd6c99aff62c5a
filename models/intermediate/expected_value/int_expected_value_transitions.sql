with
observations as (
    select * from {{ ref('int_expected_value_observations') }}
),

cells as (
    select * from {{ ref('int_expected_value_nearest_cells') }}
),

rates as (
    select
        starts.run_as_of,
        starts.cell_order_band as order_band,
        starts.cell_missed_band as missed_band,
        ends.cell_order_band as next_order_band,
        ends.cell_missed_band as next_missed_band,
        cast(sum(observations.purchase_rate * observations.starts) as bigint) as purchase_rate,
        cast(sum(observations.end_purchase_rate) as bigint) as end_purchase_rate
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

with_rate_of_cell as (
    select
        *,
        cast(sum(purchase_rate) over (partition by run_as_of, order_band, missed_band) as bigint) as rate_of_cell
    from rates
),

final as (
    select
        run_as_of,
        order_band,
        missed_band,
        next_order_band,
        next_missed_band,
        {{ millionths('end_purchase_rate', 'rate_of_cell') }} as transition_weight
    from with_rate_of_cell
)

select * from final
