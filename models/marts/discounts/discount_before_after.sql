{% set window_days = var('discount_window_days') %}

with
windows as (
    select * from {{ ref('int_discount_windows') }}
),

discounts_used as (
    select * from {{ ref('int_discounts_used') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

data_start as (
    select min(business_date) as first_business_date
    from orders
),

discounts as (
    select
        option_group_name,
        option_name,
        min(business_date) as first_used_date,
        max(business_date) as last_used_date,
        cast(count(distinct order_id) as bigint) as discounted_order_count,
        cast(count(distinct location_id) as bigint) as location_count
    from discounts_used
    group by option_group_name, option_name
),

judged as (
    select
        discounts.*,
        windows.order_count_before,
        windows.order_count_after,
        windows.net_revenue_before,
        windows.net_revenue_after,
        discounts.first_used_date - {{ window_days }} >= data_start.first_business_date
        and discounts.first_used_date + {{ window_days }} - 1 <= as_of.as_of_date as is_window_complete
    from discounts
    inner join windows
        on
            discounts.option_group_name = windows.option_group_name
            and discounts.option_name = windows.option_name
    cross join data_start
    cross join as_of
),

final as (
    select
        option_group_name,
        option_name,
        first_used_date,
        last_used_date,
        discounted_order_count,
        location_count,
        order_count_before,
        net_revenue_before,
        order_count_after,
        net_revenue_after,
        case
            when is_window_complete
                then {{ percentage('order_count_after - order_count_before', 'order_count_before') }}
        end as order_count_change_pct,
        case
            when is_window_complete
                then {{ percentage('net_revenue_after - net_revenue_before', 'net_revenue_before') }}
        end as net_revenue_change_pct,
        is_window_complete
    from judged
)

select * from final
