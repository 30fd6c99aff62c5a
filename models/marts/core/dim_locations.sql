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
        -- A date of another form is an error on both engines; Redshift alone would take 7/1/2023 for 1 July.
        cast(
            case
                when cast(locations.opened_on as varchar(64)) like '____-__-__'
                    then cast(locations.opened_on as varchar(64))
                else 'opened_on is not yyyy-mm-dd: ' || cast(locations.opened_on as varchar(64))
            end as date
        ) as opened_on,
        traded.first_order_date,
        traded.last_order_date
    from traded
    left join locations
        on traded.location_id = locations.location_id
)

select * from final
