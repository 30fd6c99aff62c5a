{% set window_days = var('discount_window_days') %}

with
discounts_used as (
    select * from {{ ref('int_discounts_used') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

discounts as (
    select
        option_group_name,
        option_name,
        min(business_date) as first_used_date
    from discounts_used
    group by option_group_name, option_name
),

discount_locations as (
    select distinct
        discounts.option_group_name,
        discounts.option_name,
        discounts.first_used_date,
        discounts_used.location_id
    from discounts
    inner join discounts_used
        on
            discounts.option_group_name = discounts_used.option_group_name
            and discounts.option_name = discounts_used.option_name
),

compared as (
    select
        discount_locations.option_group_name,
        discount_locations.option_name,
        orders.net_revenue,
        orders.business_date >= discount_locations.first_used_date as is_after
    from discount_locations
    inner join orders
        on
            discount_locations.location_id = orders.location_id
            and orders.business_date >= discount_locations.first_used_date - {{ window_days }}
            and orders.business_date < discount_locations.first_used_date + {{ window_days }}
),

final as (
    select
        option_group_name,
        option_name,
        cast(sum(case when is_after then 0 else 1 end) as bigint) as order_count_before,
        {{ money('sum(case when is_after then 0 else net_revenue end)') }} as net_revenue_before,
        cast(sum(case when is_after then 1 else 0 end) as bigint) as order_count_after,
        {{ money('sum(case when is_after then net_revenue else 0 end)') }} as net_revenue_after
    from compared
    group by option_group_name, option_name
)

select * from final
