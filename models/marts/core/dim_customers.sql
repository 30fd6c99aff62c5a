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

customers as (
    select
        customer_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date,
        cast(count(*) as bigint) as order_count,
        min(case when is_loyalty then customer_order_number end) as joining_order_number
    from orders
    group by customer_id
),

first_orders as (
    select
        customer_id,
        location_id
    from orders
    where customer_order_number = 1
),

joining_orders as (
    select
        customers.customer_id,
        orders.business_date
    from customers
    inner join orders
        on
            customers.customer_id = orders.customer_id
            and customers.joining_order_number = orders.customer_order_number
),

final as (
    select
        customers.customer_id,
        customers.first_order_date,
        customers.last_order_date,
        customers.order_count,
        customers.joining_order_number is not null as is_loyalty_member,
        joining_orders.business_date as loyalty_joined_date,
        first_orders.location_id as first_location_id,
        excluded_customers.customer_id is not null as is_excluded
    from customers
    inner join first_orders
        on customers.customer_id = first_orders.customer_id
    left join joining_orders
        on customers.customer_id = joining_orders.customer_id
    left join excluded_customers
        on customers.customer_id = excluded_customers.customer_id
)

select * from final
