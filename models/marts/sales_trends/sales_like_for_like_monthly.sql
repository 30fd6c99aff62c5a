with
monthly as (
    select * from {{ ref('sales_monthly') }}
    where is_complete_period
),

locations as (
    select * from {{ ref('dim_locations') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

location_months as (
    select
        month_start_date,
        location_id,
        {{ add_months('month_start_date', -12) }} as last_year_start_date,
        sum(order_count) as order_count,
        sum(net_revenue) as net_revenue
    from monthly
    group by month_start_date, location_id
),

months as (
    select
        location_months.month_start_date,
        location_months.last_year_start_date,
        as_of.first_business_date <= location_months.last_year_start_date + 2 as has_last_year,
        cast(count(*) as bigint) as location_count,
        cast(sum(location_months.order_count) as bigint) as order_count,
        {{ money('sum(location_months.net_revenue)') }} as net_revenue
    from location_months
    cross join as_of
    group by location_months.month_start_date, location_months.last_year_start_date, as_of.first_business_date
),

comparable as (
    select
        location_months.month_start_date,
        cast(count(*) as bigint) as location_count,
        cast(sum(location_months.order_count) as bigint) as order_count,
        cast(sum(last_year.order_count) as bigint) as order_count_last_year,
        {{ money('sum(location_months.net_revenue)') }} as net_revenue,
        {{ money('sum(last_year.net_revenue)') }} as net_revenue_last_year
    from location_months
    inner join location_months as last_year
        on
            location_months.last_year_start_date = last_year.month_start_date
            and location_months.location_id = last_year.location_id
    inner join locations
        on
            location_months.location_id = locations.location_id
            and location_months.last_year_start_date + 2 >= locations.first_order_date
    group by location_months.month_start_date
),

-- A last year that the data cover is compared with even where nothing was sold in it; one before them is not known.
compared as (
    select
        months.*,
        {%- for column in [
            'location_count', 'order_count', 'order_count_last_year', 'net_revenue', 'net_revenue_last_year'
        ] %}
        case when months.has_last_year then coalesce(comparable.{{ column }}, 0) end
            as comparable_{{ column }},
        {%- endfor %}
        case when months.has_last_year then coalesce(last_year.net_revenue, 0) end as net_revenue_last_year
    from months
    left join months as last_year
        on months.last_year_start_date = last_year.month_start_date
    left join comparable
        on months.month_start_date = comparable.month_start_date
),

final as (
    select
        month_start_date,
        location_count,
        order_count,
        net_revenue,
        net_revenue_last_year,
        {{ change_pct('net_revenue', 'net_revenue_last_year') }} as net_revenue_change_pct,
        comparable_location_count,
        {%- for measure in ['comparable_order_count', 'comparable_net_revenue'] %}
        {{ measure }},
        {{ measure }}_last_year,
        {{ change_pct(measure, measure ~ '_last_year') }} as {{ measure }}_change_pct,
        {%- endfor %}
        {{ average_change_pct(
            'comparable_net_revenue', 'comparable_order_count',
            'comparable_net_revenue_last_year', 'comparable_order_count_last_year'
        ) }} as comparable_average_order_value_change_pct
    from compared
)

select * from final
