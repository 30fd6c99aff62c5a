with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

final as (
    select
        business_date,
        location_id,
        daypart,
        item_category,
        {{ whole_number('count(distinct order_id)') }} as orders_with_category,
        {{ whole_number('sum(item_quantity)') }} as item_quantity,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from order_lines
    group by business_date, location_id, daypart, item_category
)

select * from final
