with
orders as (
    select * from {{ ref('fct_orders') }}
),

final as (
    select
        business_date,
        location_id,
        daypart,
        {{ whole_number('count(*)') }} as order_count,
        {{ whole_number('sum(item_quantity)') }} as item_quantity,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from orders
    group by business_date, location_id, daypart
)

select * from final
