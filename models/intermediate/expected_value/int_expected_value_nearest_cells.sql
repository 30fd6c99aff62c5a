with
observations as (
    select * from {{ ref('int_expected_value_observations') }}
),

order_bands as (
    {% for edge in var('expected_value_order_bands') -%}
    select cast({{ loop.index }} as bigint) as order_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

missed_bands as (
    {% for edge in var('expected_value_missed_bands') -%}
    select cast({{ loop.index }} as bigint) as missed_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

cells as (
    select
        run_as_of,
        order_band,
        missed_band
    from observations
    group by run_as_of, order_band, missed_band
    having sum(starts) >= {{ var('expected_value_min_starts') }}
),

-- A cell that missed no more comes first, then the nearest one.
choices as (
    select
        cells.run_as_of,
        order_bands.order_band,
        missed_bands.missed_band,
        cells.order_band as cell_order_band,
        cells.missed_band as cell_missed_band,
        row_number() over (
            partition by cells.run_as_of, order_bands.order_band, missed_bands.missed_band
            order by
                case when cells.missed_band > missed_bands.missed_band then 1 else 0 end,
                2 * abs(cells.order_band - order_bands.order_band) + abs(cells.missed_band - missed_bands.missed_band),
                cells.missed_band desc,
                cells.order_band desc
        ) as choice
    from cells
    cross join order_bands
    cross join missed_bands
),

final as (
    select
        run_as_of,
        order_band,
        missed_band,
        cell_order_band,
        cell_missed_band,
        order_band = cell_order_band and missed_band = cell_missed_band as is_observed
    from choices
    where choice = 1
)

select * from final
