with
observations as (
    select * from {{ ref('int_value_observations') }}
),

final as (
    select
        run_as_of,
        order_band,
        missed_band,
        end_order_band,
        end_missed_band,
        {{ whole_number('sum(starts)') }} as starts,
        {{ whole_number('sum(orders_that_came)') }} as orders_that_came,
        {{ whole_number('sum(promised_orders)') }} as promised_orders,
        {{ whole_number('sum(pace * starts)') }} as pace,
        {{ whole_number('sum(end_pace)') }} as end_pace
    from observations
    group by run_as_of, order_band, missed_band, end_order_band, end_missed_band
)

select * from final
