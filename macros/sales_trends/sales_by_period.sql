{#
    Every order belongs to one day, so daily counts add up to those of a week or a month.
    in:  sales_by_period('week_start_date', 'order_count')     out: one row per week, location_id and daypart
#}
{% macro sales_by_period(period_column, count_column, more_keys=[]) -%}
    select
        periods.{{ period_column }},
        daily.location_id,
        daily.daypart,
        {%- for key in more_keys %}
        daily.{{ key }},
        {%- endfor %}
        cast(sum(daily.{{ count_column }}) as bigint) as {{ count_column }},
        cast(sum(daily.item_quantity) as bigint) as item_quantity,
        {{ money('sum(daily.gross_revenue)') }} as gross_revenue,
        {{ money('sum(daily.discount_amount)') }} as discount_amount,
        {{ money('sum(daily.net_revenue)') }} as net_revenue,
        periods.period_end_date <= as_of.as_of_date as is_complete_period
    from daily
    inner join periods
        on daily.business_date = periods.date_day
    cross join as_of
    group by
        periods.{{ period_column }},
        periods.period_end_date,
        as_of.as_of_date,
        {%- for key in more_keys %}
        daily.{{ key }},
        {%- endfor %}
        daily.location_id,
        daily.daypart
{%- endmacro %}
