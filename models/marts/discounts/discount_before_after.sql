{% set window_days = var('discount_window_days') | int %}

with
windows as (
    select * from {{ ref('int_discount_windows') }}
),

discounts_used as (
    select * from {{ ref('int_discounts_used') }}
),

locations as (
    select * from {{ ref('dim_locations') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

uses as (
    select
        discounts_used.option_group_name,
        discounts_used.option_name,
        max(discounts_used.business_date) as last_used_date,
        count(distinct discounts_used.order_id) as discounted_order_count,
        count(distinct discounts_used.location_id) as location_count,
        count(distinct case
            when
                discounts_used.business_date < windows.first_used_date + {{ window_days }}
                and locations.first_order_date <= windows.first_used_date - {{ window_days }}
                then discounts_used.order_id
        end) as discounted_order_count_after
    from discounts_used
    inner join windows
        on
            discounts_used.option_group_name = windows.option_group_name
            and discounts_used.option_name = windows.option_name
    inner join locations
        on discounts_used.location_id = locations.location_id
    group by discounts_used.option_group_name, discounts_used.option_name
),

judged as (
    select
        windows.*,
        uses.last_used_date,
        cast(uses.discounted_order_count as bigint) as discounted_order_count,
        cast(uses.location_count as bigint) as location_count,
        cast(uses.discounted_order_count_after as bigint) as discounted_order_count_after,
        windows.first_used_date - {{ window_days }} >= as_of.first_business_date
        and windows.first_used_date + {{ window_days - 1 }} <= as_of.as_of_date as is_window_complete
    from windows
    inner join uses
        on
            windows.option_group_name = uses.option_group_name
            and windows.option_name = uses.option_name
    cross join as_of
),

changed as (
    select
        *,
        {%- for measure in ['window_order_count', 'control_order_count', 'net_revenue'] %}
        case
            when is_window_complete then {{ change_pct(measure ~ '_after', measure ~ '_before') }}
        end as {{ measure }}_change_pct,
        {%- endfor %}
        {{ percentage('discounted_order_count_after', 'window_order_count_after') }} as discounted_order_share_after_pct
    from judged
),

final as (
    select
        option_group_name,
        option_name,
        first_used_date,
        last_used_date,
        discounted_order_count,
        location_count,
        window_location_count,
        window_order_count_before as order_count_before,
        net_revenue_before,
        window_order_count_after as order_count_after,
        net_revenue_after,
        window_order_count_change_pct as order_count_change_pct,
        net_revenue_change_pct,
        discounted_order_count_after,
        discounted_order_share_after_pct,
        control_location_count,
        control_order_count_before,
        control_order_count_after,
        control_order_count_change_pct,
        {{ money('window_order_count_change_pct - control_order_count_change_pct') }} as excess_order_change_points,
        is_window_complete
    from changed
)

select * from final
