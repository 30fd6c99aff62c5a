{% set weight = var('expected_value_ratio_weight') %}

with
observations as (
    select * from {{ ref('int_expected_value_observations') }}
),

cells as (
    select * from {{ ref('int_expected_value_nearest_cells') }}
),

by_cell as (
    select
        cells.run_as_of,
        cells.cell_order_band as order_band,
        cells.cell_missed_band as missed_band,
        cast(sum(observations.starts) as bigint) as starts,
        cast(1000000 * sum(observations.actual_orders) as bigint) as actual_orders,
        cast(sum(observations.orders_expected_at_own_rate) as bigint) as orders_expected_at_own_rate
    from observations
    inner join cells
        on
            observations.run_as_of = cells.run_as_of
            and observations.order_band = cells.order_band
            and observations.missed_band = cells.missed_band
    group by cells.run_as_of, cells.cell_order_band, cells.cell_missed_band
),

with_wider_groups as (
    select
        *,
        cast(sum(actual_orders) over (partition by run_as_of, missed_band) as bigint) as actual_in_band,
        cast(sum(orders_expected_at_own_rate) over (partition by run_as_of, missed_band) as bigint) as expected_in_band,
        cast(sum(actual_orders) over (partition by run_as_of) as bigint) as actual_in_all,
        cast(sum(orders_expected_at_own_rate) over (partition by run_as_of) as bigint) as expected_in_all
    from by_cell
),

with_ratio_of_all as (
    select
        *,
        {{ millionths('actual_in_all', 'expected_in_all') }} as ratio_of_all
    from with_wider_groups
),

with_ratio_of_band as (
    select
        *,
        {{ millionths(
            '(actual_in_band + ' ~ weight ~ ' * ratio_of_all)', '(expected_in_band + ' ~ weight ~ ' * 1000000)'
        ) }} as ratio_of_band
    from with_ratio_of_all
),

final as (
    select
        run_as_of,
        order_band,
        missed_band,
        starts,
        {{ millionths(
            '(actual_orders + ' ~ weight ~ ' * ratio_of_band)',
            '(orders_expected_at_own_rate + ' ~ weight ~ ' * 1000000)'
        ) }} as realised_ratio
    from with_ratio_of_band
)

select * from final
