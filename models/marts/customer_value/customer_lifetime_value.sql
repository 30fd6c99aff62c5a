with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

revenue_bands as (
    {{ share_bands('customer_totals', 'net_revenue') }}
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
        cast(as_of.as_of_date - customer_totals.first_order_date as bigint) as customer_age_days,
        revenue_bands.value_rank as clv_rank,
        revenue_bands.share_band as clv_tier
    from customer_totals
    inner join revenue_bands
        on customer_totals.net_revenue = revenue_bands.net_revenue
    cross join as_of
)

select * from final
