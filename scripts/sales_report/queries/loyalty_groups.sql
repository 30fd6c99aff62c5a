-- Members and other customers at the restaurant of their first order; orders of guests where they were placed.
with
identified as (
    select
        {place} as place,
        case when customers.is_loyalty_member then 'member' else 'non_member' end as membership,
        lifetimes.order_count,
        lifetimes.discount_amount,
        lifetimes.lifetime_revenue,
        segments.frequency,
        segments.monetary,
        case when indicators.is_at_risk then 0 else 1 end as is_active,
        case when lifetimes.order_count >= 2 then 1 else 0 end as has_come_back
    from marts.customer_lifetime_value as lifetimes
    inner join marts.dim_customers as customers
        on lifetimes.customer_id = customers.customer_id
    inner join marts.customer_segments as segments
        on lifetimes.customer_id = segments.customer_id
    inner join marts.customer_churn_indicators as indicators
        on lifetimes.customer_id = indicators.customer_id
    inner join marts.dim_locations
        on customers.first_location_id = dim_locations.location_id
),

customer_groups as (
    select
        place,
        membership,
        cast(count(*) as bigint) as customer_count,
        cast(sum(is_active) as bigint) as active_customer_count,
        cast(sum(has_come_back) as bigint) as repeat_customer_count,
        cast(sum(frequency) as bigint) as recent_order_count,
        cast(sum(monetary) * 100 as bigint) as recent_net_revenue,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(discount_amount) * 100 as bigint) as discount_amount,
        cast(sum(lifetime_revenue) * 100 as bigint) as net_revenue
    from identified
    group by place, membership
),

guests as (
    select
        {place} as place,
        'guest' as membership,
        cast(null as bigint) as customer_count,
        cast(null as bigint) as active_customer_count,
        cast(null as bigint) as repeat_customer_count,
        cast(null as bigint) as recent_order_count,
        cast(null as bigint) as recent_net_revenue,
        cast(sum(monthly.order_count) as bigint) as order_count,
        cast(sum(monthly.discount_amount) * 100 as bigint) as discount_amount,
        cast(sum(monthly.net_revenue) * 100 as bigint) as net_revenue
    from marts.sales_by_customer_type_monthly as monthly
    inner join marts.dim_locations
        on monthly.location_id = dim_locations.location_id
    where monthly.customer_type = 'guest'
    group by {place}
),

final as (
    select * from customer_groups
    union all
    select * from guests
)

select * from final
order by place, membership
