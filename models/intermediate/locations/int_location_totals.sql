{% set recent_days = var('location_recent_days') | int %}

with
daily as (
    select * from {{ ref('sales_daily') }}
),

locations as (
    select * from {{ ref('dim_locations') }}
),

customer_locations as (
    select * from {{ ref('int_customer_locations') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

dated as (
    select
        daily.*,
        daily.business_date > as_of.as_of_date - {{ recent_days }} as is_recent,
        -- 52 weeks earlier each day meets the same weekday.
        daily.business_date > as_of.as_of_date - {{ 364 + recent_days }}
        and daily.business_date <= as_of.as_of_date - 364 as is_year_before
    from daily
    cross join as_of
),

sales as (
    select
        location_id,
        count(distinct business_date) as trading_days,
        count(distinct {{ week_start('business_date') }}) as trading_weeks,
        {%- for measure in ['order_count', 'net_revenue'] %}
        sum({{ measure }}) as {{ measure }},
        sum(case when is_recent then {{ measure }} else 0 end) as recent_{{ measure }},
        sum(case when is_year_before then {{ measure }} else 0 end) as year_before_{{ measure }},
        {%- endfor %}
        sum(gross_revenue) as gross_revenue,
        sum(discount_amount) as discount_amount
    from dated
    group by location_id
),

known_customers as (
    select
        location_id,
        count(*) as customer_count,
        sum(case when order_count >= 2 then 1 else 0 end) as repeat_customer_count
    from customer_locations
    group by location_id
),

first_visits as (
    select
        first_location_id as location_id,
        count(*) as first_time_customer_count
    from customers
    group by first_location_id
),

final as (
    select
        locations.location_id,
        cast(locations.last_order_date - locations.first_order_date + 1 as bigint) as open_days,
        cast(least(as_of.as_of_date - locations.first_order_date + 1, {{ recent_days }}) as bigint) as recent_days,
        locations.first_order_date <= as_of.as_of_date - {{ 364 + recent_days - 1 }}
        and sales.recent_order_count >= 1 as is_comparable,
        {%- for count in [
            'trading_days', 'trading_weeks', 'order_count', 'recent_order_count', 'year_before_order_count'
        ] %}
        cast(sales.{{ count }} as bigint) as {{ count }},
        {%- endfor %}
        {%- for amount in [
            'gross_revenue', 'discount_amount', 'net_revenue', 'recent_net_revenue', 'year_before_net_revenue'
        ] %}
        {{ money('sales.' ~ amount) }} as {{ amount }},
        {%- endfor %}
        cast(coalesce(known_customers.customer_count, 0) as bigint) as customer_count,
        cast(coalesce(known_customers.repeat_customer_count, 0) as bigint) as repeat_customer_count,
        cast(coalesce(first_visits.first_time_customer_count, 0) as bigint) as first_time_customer_count
    from sales
    inner join locations
        on sales.location_id = locations.location_id
    left join known_customers
        on sales.location_id = known_customers.location_id
    left join first_visits
        on sales.location_id = first_visits.location_id
    cross join as_of
)

select * from final
