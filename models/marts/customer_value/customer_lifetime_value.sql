with
customer_days as (
    select * from {{ ref('int_customer_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

lifetimes as (
    select
        customer_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date,
        {{ whole_number('sum(order_count)') }} as order_count,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as lifetime_revenue
    from customer_days
    group by customer_id
),

final as (
    select
        lifetimes.customer_id,
        as_of.as_of_date,
        lifetimes.first_order_date,
        lifetimes.last_order_date,
        lifetimes.order_count,
        lifetimes.gross_revenue,
        lifetimes.discount_amount,
        lifetimes.lifetime_revenue,
        {{ average('lifetimes.lifetime_revenue', 'lifetimes.order_count') }} as average_order_value,
        {{ whole_number('as_of.as_of_date - lifetimes.first_order_date') }} as customer_age_days,
        {{ whole_number('rank() over (order by lifetimes.lifetime_revenue desc)') }} as clv_rank,
        {{ share_band('lifetimes.lifetime_revenue') }} as clv_tier
    from lifetimes
    cross join as_of
)

select * from final
