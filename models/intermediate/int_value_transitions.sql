with
observations as (
    select * from {{ ref('int_value_observations') }}
),

starts as (
    select * from {{ ref('int_value_starts') }}
),

final as (
    select
        starts.run_as_of,
        observations.order_band,
        observations.missed_band,
        observations.end_order_band,
        observations.end_missed_band,
        {{ whole_number('sum(observations.starts)') }} as starts,
        {{ whole_number('sum(observations.orders_that_came)') }} as orders_that_came,
        {{ whole_number('sum(observations.promised_orders)') }} as promised_orders,
        {{ whole_number('sum(observations.pace * observations.starts)') }} as pace,
        {{ whole_number('sum(observations.end_pace)') }} as end_pace
    from observations
    inner join starts
        on
            observations.start_date = starts.start_date
            and observations.half_days = starts.half_days
    group by
        starts.run_as_of,
        observations.order_band,
        observations.missed_band,
        observations.end_order_band,
        observations.end_missed_band
)

select * from final
