{{ config(meta={'changed_only': true}) }}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

locations as (
    select * from {{ ref('locations') }}
),

excluded_apps as (
    select * from {{ ref('excluded_apps') }}
),

numbered as (
    select
        *,
        row_number() over (partition by order_id order by ordered_at_utc, lineitem_id) as line_number
    from order_lines
),

loyalty_orders as (
    select distinct order_id
    from order_lines
    where is_loyalty
),

located as (
    select
        numbered.order_id,
        numbered.customer_id,
        numbered.location_id,
        numbered.app_name,
        numbered.ordered_at_utc,
        {{ utc_to_local(
            'numbered.ordered_at_utc', "coalesce(locations.timezone, '" ~ var('default_timezone') ~ "')"
        ) }} as ordered_at_local,
        loyalty_orders.order_id is not null as is_loyalty,
        excluded_apps.app_name is not null as is_excluded_app
    from numbered
    left join loyalty_orders
        on numbered.order_id = loyalty_orders.order_id
    left join locations
        on numbered.location_id = locations.location_id
    left join excluded_apps
        on numbered.app_name = excluded_apps.app_name
    where numbered.line_number = 1
),

final as (
    select
        order_id,
        customer_id,
        location_id,
        app_name,
        ordered_at_utc,
        ordered_at_local,
        {{ business_date('ordered_at_local') }} as business_date,
        cast(extract(hour from ordered_at_local) as bigint) as order_hour,
        is_loyalty,
        is_excluded_app
    from located
)

select * from final
