with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

final as (
    select
        customer_totals.customer_id,
        as_of.as_of_date,
        customer_totals.first_order_date,
        customer_totals.last_order_date,
        customer_totals.order_count,
        customer_totals.gross_revenue,
        customer_totals.discount_amount,
        customer_totals.net_revenue as lifetime_revenue,
        {{ average('customer_totals.net_revenue', 'customer_totals.order_count') }} as average_order_value,
        {{ whole_number('as_of.as_of_date - customer_totals.first_order_date') }} as customer_age_days,
        {{ whole_number('rank() over (order by customer_totals.net_revenue desc)') }} as clv_rank,
        {{ share_band('customer_totals.net_revenue') }} as clv_tier
    from customer_totals
    cross join as_of
)

select * from final
