{% set weight = var('expected_value_probability_weight') %}

with
returns as (
    select * from {{ ref('int_expected_value_returns') }}
),

expected_bands as (
    {% for edge in [0] + var('expected_value_probability_bands') -%}
    select cast({{ loop.index }} as bigint) as expected_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

missed_bands as (
    {% for edge in var('expected_value_missed_bands') -%}
    select cast({{ loop.index }} as bigint) as missed_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    select
        run_as_of,
        cast(sum(starts) as bigint) as starts,
        cast(sum(returned) as bigint) as returned
    from returns
    group by run_as_of
),

reliable_bands as (
    select
        run_as_of,
        expected_band,
        cast(sum(starts) as bigint) as starts,
        cast(sum(returned) as bigint) as returned
    from returns
    group by run_as_of, expected_band
    having sum(starts) >= {{ var('expected_value_min_probability_starts') }}
),

-- Everybody's share stands behind all bands, should none be firm.
choices as (
    select
        totals.run_as_of,
        expected_bands.expected_band,
        coalesce(reliable_bands.starts, totals.starts) as starts,
        coalesce(reliable_bands.returned, totals.returned) as returned,
        row_number() over (
            partition by totals.run_as_of, expected_bands.expected_band
            order by
                abs(reliable_bands.expected_band - expected_bands.expected_band) nulls last,
                reliable_bands.expected_band nulls last
        ) as choice
    from totals
    cross join expected_bands
    left join reliable_bands
        on totals.run_as_of = reliable_bands.run_as_of
),

shares as (
    select
        run_as_of,
        expected_band,
        {{ millionths('returned', 'starts') }} as return_share
    from choices
    where choice = 1
),

final as (
    select
        shares.run_as_of,
        shares.expected_band,
        missed_bands.missed_band,
        {{ half_up(
            '1000000 * coalesce(returns.returned, 0) + ' ~ weight ~ ' * shares.return_share',
            '100 * (coalesce(returns.starts, 0) + ' ~ weight ~ ')'
        ) }} as probability
    from shares
    cross join missed_bands
    left join returns
        on
            shares.run_as_of = returns.run_as_of
            and shares.expected_band = returns.expected_band
            and missed_bands.missed_band = returns.missed_band
)

select * from final
