with
orders as (
    select * from {{ ref('fct_orders') }}
),

locations as (
    select * from {{ ref('dim_locations') }}
),

customer_locations as (
    select * from {{ ref('int_customer_locations') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

known_customers as (
    select
        location_id,
        cast(count(*) as bigint) as customer_count,
        cast(sum(case when order_count >= 2 then 1 else 0 end) as bigint) as repeat_customer_count
    from customer_locations
    group by location_id
),

totals as (
    select
        location_id,
        cast(count(distinct business_date) as bigint) as trading_days,
        cast(count(distinct {{ week_start('business_date') }}) as bigint) as trading_weeks,
        cast(count(*) as bigint) as order_count,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from orders
    group by location_id
),

measured as (
    select
        totals.*,
        cast(coalesce(known_customers.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(known_customers.repeat_customer_count, 0) as bigint) as repeat_customer_count,
        {{ money('sum(totals.net_revenue) over ()') }} as company_revenue
    from totals
    left join known_customers
        on totals.location_id = known_customers.location_id
),

revenue_bands as (
    {{ share_bands('measured', 'net_revenue', labels=['top', 'middle', 'bottom']) }}
),

final as (
    select
        locations.location_id,
        locations.location_name,
        as_of.as_of_date,
        locations.first_order_date,
        locations.last_order_date,
        totals.trading_days,
        totals.trading_weeks,
        totals.order_count,
        totals.customer_count,
        {{ rate('totals.repeat_customer_count', 'totals.customer_count') }} as repeat_customer_rate,
        totals.gross_revenue,
        totals.discount_amount,
        totals.net_revenue,
        {{ average('totals.net_revenue', 'totals.order_count') }} as average_order_value,
        {{ average('totals.order_count', 'totals.trading_days') }} as orders_per_day,
        {{ average('totals.order_count', 'totals.trading_weeks') }} as orders_per_week,
        {{ percentage('totals.net_revenue', 'totals.company_revenue') }} as revenue_share_pct,
        revenue_bands.value_rank as revenue_rank,
        revenue_bands.share_band as performance_band
    from measured as totals
    inner join revenue_bands
        on totals.net_revenue = revenue_bands.net_revenue
    inner join locations
        on totals.location_id = locations.location_id
    cross join as_of
)

select * from final
