with
runs as (
    select * from {{ ref('int_value_runs') }}
),

customers as (
    select * from {{ ref('int_value_customers') }}
),

totals as (
    select
        runs.run_as_of,
        {{ whole_number('sum(customers.age_days)') }} as day_count,
        {{ whole_number('sum(customers.order_count - 1)') }} as repeat_orders
    from runs
    left join customers
        on runs.run_as_of = customers.run_as_of
    group by runs.run_as_of
),

final as (
    select
        run_as_of,
        case
            when repeat_orders > 0
                then greatest({{ whole_number('1') }}, {{ half_up('day_count', '2 * repeat_orders') }})
        end as half_days
    from totals
)

select * from final
