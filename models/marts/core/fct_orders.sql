with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

orders as (
    select
        order_id,
        customer_id,
        location_id,
        app_name,
        ordered_at_utc,
        ordered_at_local,
        business_date,
        order_hour,
        daypart,
        is_loyalty,
        {{ whole_number('count(*)') }} as line_count,
        {{ whole_number('sum(item_quantity)') }} as item_quantity,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from order_lines
    group by
        order_id,
        customer_id,
        location_id,
        app_name,
        ordered_at_utc,
        ordered_at_local,
        business_date,
        order_hour,
        daypart,
        is_loyalty
),

final as (
    select
        order_id,
        customer_id,
        location_id,
        app_name,
        ordered_at_utc,
        ordered_at_local,
        business_date,
        order_hour,
        daypart,
        is_loyalty,
        line_count,
        item_quantity,
        gross_revenue,
        discount_amount,
        net_revenue,
        discount_amount > 0 as is_discounted,
        case
            when customer_id is not null
                then {{ whole_number(
                    'row_number() over (partition by customer_id order by ordered_at_utc, order_id)'
                ) }}
        end as customer_order_number
    from orders
)

select * from final
