with
orders as (
    select * from {{ ref('fct_orders') }}
),

locations as (
    select * from {{ ref('locations') }}
),

traded as (
    select
        location_id,
        min(business_date) as first_order_date,
        max(business_date) as last_order_date
    from orders
    group by location_id
),

final as (
    select
        traded.location_id,
        cast(coalesce(locations.location_name, traded.location_id) as varchar(512)) as location_name,
        cast(locations.region as varchar(512)) as region,
        cast(coalesce(locations.timezone, '{{ var("default_timezone") }}') as varchar(64)) as timezone,
        locations.opened_on,
        traded.first_order_date,
        traded.last_order_date
    from traded
    left join locations
        on traded.location_id = locations.location_id
)

select * from final
