{% set window_days = var('discount_window_days') %}
{% set sides = {'window': 'not compared.is_control', 'control': 'compared.is_control'} %}
{% set periods = {'before': 'not sales.is_after', 'after': 'sales.is_after'} %}

with
discounts_used as (
    select * from {{ ref('int_discounts_used') }}
),

discount_days as (
    select * from {{ ref('int_discount_days') }}
),

locations as (
    select * from {{ ref('dim_locations') }}
),

uses as (
    select
        option_group_name,
        option_name,
        location_id,
        min(business_date) as first_used_date
    from discounts_used
    group by option_group_name, option_name, location_id
),

discounts as (
    select
        option_group_name,
        option_name,
        min(first_used_date) as first_used_date
    from uses
    group by option_group_name, option_name
),

starts as (select distinct first_used_date from discounts),

-- Discounts that began on one day share these sums.
sales as (
    select
        starts.first_used_date,
        discount_days.location_id,
        discount_days.business_date >= starts.first_used_date as is_after,
        sum(discount_days.order_count) as order_count,
        sum(discount_days.net_revenue) as net_revenue
    from starts
    inner join discount_days
        on
            discount_days.business_date >= starts.first_used_date - {{ window_days }}
            and discount_days.business_date < starts.first_used_date + {{ window_days }}
    group by starts.first_used_date, discount_days.location_id, discount_days.business_date >= starts.first_used_date
),

-- Of the locations that were open before: those that used it in the window after, and those that never did.
compared as (
    select
        discounts.option_group_name,
        discounts.option_name,
        locations.location_id,
        uses.location_id is null as is_control
    from discounts
    inner join locations
        on locations.first_order_date <= discounts.first_used_date - {{ window_days }}
    left join uses
        on
            discounts.option_group_name = uses.option_group_name
            and discounts.option_name = uses.option_name
            and locations.location_id = uses.location_id
    where uses.location_id is null or uses.first_used_date < discounts.first_used_date + {{ window_days }}
),

final as (
    select
        discounts.option_group_name,
        discounts.option_name,
        discounts.first_used_date,
        {%- for period, is_in_period in periods.items() %}
        {%- for side, is_on_side in sides.items() %}
        cast(sum(case when {{ is_on_side }} and {{ is_in_period }} then sales.order_count else 0 end) as bigint)
            as {{ side }}_order_count_{{ period }},
        {%- endfor %}
        {{ money('sum(case when ' ~ sides.window ~ ' and ' ~ is_in_period ~ ' then sales.net_revenue else 0 end)') }}
            as net_revenue_{{ period }},
        {%- endfor %}
        count(distinct case when {{ sides.window }} then compared.location_id end) as window_location_count,
        count(distinct case when {{ sides.control }} then compared.location_id end) as control_location_count
    from discounts
    left join compared
        on
            discounts.option_group_name = compared.option_group_name
            and discounts.option_name = compared.option_name
    left join sales
        on
            discounts.first_used_date = sales.first_used_date
            and compared.location_id = sales.location_id
    group by discounts.option_group_name, discounts.option_name, discounts.first_used_date
)

select * from final
