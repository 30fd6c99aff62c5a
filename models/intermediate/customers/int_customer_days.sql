{{ config(
    materialized='incremental',
    unique_key='business_date',
    meta={'changes': 'int_changed_dates'}
) }}

with
orders as (
    select * from {{ ref('fct_orders') }}
    where {{ changed_only('business_date', ref('int_changed_dates')) }}
),

excluded_customers as (
    select * from {{ ref('excluded_customers') }}
),

final as (
    select
        orders.customer_id,
        orders.business_date,
        cast(count(*) as bigint) as order_count,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue
    from orders
    left join excluded_customers
        on orders.customer_id = excluded_customers.customer_id
    where
        orders.customer_id is not null
        and excluded_customers.customer_id is null
    group by orders.customer_id, orders.business_date
)

select * from final
