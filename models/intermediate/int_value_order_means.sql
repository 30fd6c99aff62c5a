with
customers as (
    select * from {{ ref('int_value_customers') }}
),

totals as (
    select
        run_as_of,
        {{ whole_number('sum(lifetime_revenue_cents)') }} as revenue_cents,
        {{ whole_number('sum(order_count)') }} as order_count
    from customers
    group by run_as_of
),

final as (
    select
        run_as_of,
        {{ rounded_quotient('revenue_cents', 'order_count') }} as mean_order_cents
    from totals
)

select * from final
