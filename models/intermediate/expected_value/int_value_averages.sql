with
customers as (
    select * from {{ ref('int_value_customers') }}
),

totals as (
    select
        run_as_of,
        {{ whole_number('sum(age_days)') }} as day_count,
        {{ whole_number('sum(order_count)') }} as order_count,
        {{ whole_number('sum(order_count - 1)') }} as repeat_orders,
        {{ whole_number('sum(lifetime_revenue_cents)') }} as revenue_cents
    from customers
    group by run_as_of
),

final as (
    select
        run_as_of,
        case
            when repeat_orders > 0
                then greatest({{ whole_number('1') }}, {{ half_up('day_count', '2 * repeat_orders') }})
        end as half_days,
        {{ rounded_quotient('revenue_cents', 'order_count') }} as mean_order_cents
    from totals
)

select * from final
