{#
    Every order belongs to one day, so daily counts add up to those of a week or a month. Days do not: a day of a location
    has a row for each daypart and category.
    in:  sales_by_period('week_start_date', 'order_count')     out: trading_days as (…), totals as (…), final as (…)
#}
{% macro sales_by_period(period_column, count_column, more_keys=[]) -%}
    {%- set daily_keys = ['location_id', 'daypart'] + more_keys -%}
trading_days as (
    select
        periods.{{ period_column }},
        location_days.location_id,
        cast(count(distinct location_days.business_date) as bigint) as trading_days
    from location_days
    inner join periods
        on location_days.business_date = periods.date_day
    group by periods.{{ period_column }}, location_days.location_id
),

totals as (
    select
        periods.{{ period_column }},
        periods.period_end_date,
        {%- for key in daily_keys %}
        daily.{{ key }},
        {%- endfor %}
        cast(sum(daily.{{ count_column }}) as bigint) as {{ count_column }},
        cast(sum(daily.item_quantity) as bigint) as item_quantity,
        {{ money('sum(daily.gross_revenue)') }} as gross_revenue,
        {{ money('sum(daily.discount_amount)') }} as discount_amount,
        {{ money('sum(daily.net_revenue)') }} as net_revenue
    from daily
    inner join periods
        on daily.business_date = periods.date_day
    group by
        periods.{{ period_column }},
        periods.period_end_date,
        {%- for key in daily_keys %}
        daily.{{ key }}{{ ',' if not loop.last }}
        {%- endfor %}
),

final as (
    select
        totals.{{ period_column }},
        {%- for column in daily_keys + [
            count_column, 'item_quantity', 'gross_revenue', 'discount_amount', 'net_revenue'
        ] %}
        totals.{{ column }},
        {%- endfor %}
        {{ is_complete_period('totals.' ~ period_column, 'totals.period_end_date') }} as is_complete_period,
        trading_days.trading_days
    from totals
    inner join trading_days
        on
            totals.{{ period_column }} = trading_days.{{ period_column }}
            and totals.location_id = trading_days.location_id
    cross join as_of
)
{%- endmacro %}
