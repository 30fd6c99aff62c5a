with
locations as (
    select * from {{ ref('dim_locations') }}
),

totals as (
    select * from {{ ref('int_location_totals') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

measured as (
    select
        totals.*,
        as_of.as_of_date,
        {{ money('sum(totals.net_revenue) over ()') }} as company_revenue,
        {{ average('totals.recent_net_revenue', 'totals.recent_days') }} as recent_net_revenue_per_day
    from totals
    cross join as_of
),

revenue_bands as (
    {{ share_bands('measured', 'net_revenue', labels=['top', 'middle', 'bottom']) }}
),

recent_bands as (
    {{ share_bands('measured', 'recent_net_revenue_per_day', labels=['top', 'middle', 'bottom']) }}
),

final as (
    select
        locations.location_id,
        locations.location_name,
        measured.as_of_date,
        locations.first_order_date,
        locations.last_order_date,
        measured.trading_days,
        measured.trading_weeks,
        measured.open_days,
        measured.order_count,
        measured.customer_count,
        measured.first_time_customer_count,
        {{ rate('measured.repeat_customer_count', 'measured.customer_count') }} as repeat_customer_rate,
        measured.gross_revenue,
        measured.discount_amount,
        measured.net_revenue,
        {{ average('measured.net_revenue', 'measured.order_count') }} as average_order_value,
        {{ average('measured.order_count', 'measured.trading_days') }} as orders_per_day,
        {{ average('7 * measured.order_count', 'measured.open_days') }} as orders_per_week,
        {{ average('measured.order_count', 'measured.open_days') }} as orders_per_open_day,
        {{ percentage('measured.net_revenue', 'measured.company_revenue') }} as revenue_share_pct,
        revenue_bands.value_rank as revenue_rank,
        revenue_bands.share_band as performance_band,
        measured.recent_days,
        measured.recent_order_count,
        measured.recent_net_revenue,
        measured.recent_net_revenue_per_day,
        recent_bands.value_rank as recent_revenue_rank,
        recent_bands.share_band as recent_performance_band,
        measured.is_comparable,
        {%- for measure in ['net_revenue', 'order_count'] %}
        case
            when measured.is_comparable
                then {{ change_pct('measured.recent_' ~ measure, 'measured.year_before_' ~ measure) }}
        end as {{ measure }}_change_pct,
        {%- endfor %}
        case
            when measured.is_comparable
                then {{ average_change_pct(
                    'measured.recent_net_revenue', 'measured.recent_order_count',
                    'measured.year_before_net_revenue', 'measured.year_before_order_count'
                ) }}
        end as average_order_value_change_pct
    from measured
    inner join revenue_bands
        on measured.net_revenue = revenue_bands.net_revenue
    inner join recent_bands
        on measured.recent_net_revenue_per_day = recent_bands.recent_net_revenue_per_day
    inner join locations
        on measured.location_id = locations.location_id
)

select * from final
