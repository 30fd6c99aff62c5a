{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='business_date') }}

with
touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

order_heads as (
    select * from {{ ref('int_order_heads') }}
),

final as (
    select business_date
    from touched_orders
    where business_date is not null

    union distinct

    select business_date
    from order_heads
)

select * from final
