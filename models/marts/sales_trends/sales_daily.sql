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

final as (
    select
        orders.business_date,
        orders.location_id,
        orders.daypart,
        cast(count(*) as bigint) as order_count,
        cast(sum(orders.item_quantity) as bigint) as item_quantity,
        {{ money('sum(orders.gross_revenue)') }} as gross_revenue,
        {{ money('sum(orders.discount_amount)') }} as discount_amount,
        {{ money('sum(orders.net_revenue)') }} as net_revenue
    from orders
    group by orders.business_date, orders.location_id, orders.daypart
)

select * from final
