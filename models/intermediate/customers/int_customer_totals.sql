{{ config(
    materialized='incremental',
    unique_key='customer_id',
    meta={'changes': 'int_changed_customers'}
) }}

with
customer_days as (
    select * from {{ ref('int_customer_days') }}
    where {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

final as (
    select
        customer_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date,
        cast(count(*) as bigint) as day_count,
        cast(sum(order_count) as bigint) as order_count,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from customer_days
    group by customer_id
)

select * from final
