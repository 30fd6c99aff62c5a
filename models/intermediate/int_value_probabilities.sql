{% set weight = var('expected_value_probability_weight') %}

with
shares as (
    select * from {{ ref('int_value_return_shares') }}
),

returns as (
    select * from {{ ref('int_value_returns') }}
),

missed_bands as (
    {% for edge in var('expected_value_missed_bands') -%}
    select {{ whole_number(loop.index) }} as missed_band
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
