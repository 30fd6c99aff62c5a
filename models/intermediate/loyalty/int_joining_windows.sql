{{ config(materialized='incremental', unique_key='customer_id', meta={'changes': 'int_changed_customers'}) }}

{% set window_days = var('loyalty_window_days') | int %}
{#
    A day's orders enter the window after an earlier date, leave it on their own day for the one before a later date, and
    leave that. Each move: days away, place among the moves of a date, what it adds to the orders before and after.
#}
{% set moves = [(-window_days, 1, 0, 1), (window_days + 1, 2, -1, 0), (0, 3, 1, -1)] %}
{% set so_far = 'over (partition by customer_id order by moment, place rows unbounded preceding)' %}

with
customer_days as (
    select * from {{ ref('int_customer_days') }}
    where {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

customers as (
    select * from {{ ref('int_customer_totals') }}
    where order_count > 1
),

orders as (
    select * from {{ ref('fct_orders') }}
    where {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

joining_orders as (
    select * from {{ ref('int_joining_orders') }}
),

member_days as (
    select
        orders.customer_id,
        orders.business_date,
        count(*) as order_count
    from orders
    inner join joining_orders
        on
            orders.customer_id = joining_orders.customer_id
            and orders.customer_order_number > joining_orders.joining_order_number
    group by orders.customer_id, orders.business_date
),

days as (
    select
        customer_days.customer_id,
        customer_days.business_date,
        customers.first_order_date,
        customer_days.order_count,
        customer_days.order_count - coalesce(member_days.order_count, 0) as non_member_order_count,
        cast(100 * customer_days.net_revenue as bigint) as cents
    from customer_days
    inner join customers
        on customer_days.customer_id = customers.customer_id
    left join member_days
        on
            customer_days.customer_id = member_days.customer_id
            and customer_days.business_date = member_days.business_date
),

moved as (
    {% for days_away, place, before, after in moves -%}
    select
        *,
        business_date + ({{ days_away }}) as moment,
        {{ place }} as place,
        {{ before }} as step_before,
        {{ after }} as step_after
    from days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The own day, the last of its moment, is in the sum of what was before.
summed as (
    select
        *,
        sum(step_before * order_count) {{ so_far }} - order_count as orders_before,
        sum(step_before * cents) {{ so_far }} - cents as cents_before,
        sum(step_after * order_count) {{ so_far }} as orders_after,
        sum(step_after * cents) {{ so_far }} as cents_after,
        sum(step_after * non_member_order_count) {{ so_far }} as non_member_orders_after
    from moved
),

final as (
    select
        customer_id,
        business_date,
        cast(business_date - first_order_date as bigint) as days_since_first_order,
        cast(orders_before as bigint) as orders_before,
        {{ cents_as_money('cents_before') }} as net_revenue_before,
        cast(orders_after as bigint) as orders_after,
        {{ cents_as_money('cents_after') }} as net_revenue_after,
        cast(non_member_orders_after as bigint) as non_member_orders_after
    from summed
    where place = 3
)

select * from final
