{{ config(
    materialized='incremental',
    unique_key='customer_id',
    meta={'changes': 'int_changed_customers'}
) }}

with
orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is not null and {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

excluded_customers as (
    select * from {{ ref('excluded_customers') }}
),

final as (
    select
        orders.customer_id,
        orders.location_id,
        cast(count(*) as bigint) as order_count
    from orders
    left join excluded_customers
        on orders.customer_id = excluded_customers.customer_id
    where excluded_customers.customer_id is null
    group by orders.customer_id, orders.location_id
)

select * from final
