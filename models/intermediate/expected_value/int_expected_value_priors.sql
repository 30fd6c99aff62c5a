with
customers as (
    select * from {{ ref('int_expected_value_customers') }}
),

totals as (
    select
        run_as_of,
        cast(sum(age_days) as bigint) as day_count,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(order_count - 1) as bigint) as repeat_orders,
        cast(sum(lifetime_revenue_cents) as bigint) as revenue_cents
    from customers
    group by run_as_of
),

final as (
    select
        run_as_of,
        case
            when repeat_orders > 0
                then greatest(cast(1 as bigint), {{ half_up('day_count', '2 * repeat_orders') }})
        end as prior_days,
        {{ rounded_quotient('revenue_cents', 'order_count') }} as mean_order_cents
    from totals
)

select * from final
