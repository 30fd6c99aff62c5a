{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['customer_id', 'ordered_at_utc']
) }}

with
touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

order_heads as (
    select * from {{ ref('int_order_heads') }}
),

final as (
    select
        customer_id,
        ordered_at_utc
    from touched_orders
    where customer_id is not null

    union distinct

    select
        customer_id,
        ordered_at_utc
    from order_heads
    where customer_id is not null
)

select * from final
