-- Finance: how does each complete month compare with the same month of the year before?
with
sales as (
    select * from {{ ref('sales_monthly') }}
    where is_complete_period
),

months as (
    select
        month_start_date,
        cast(sum(order_count) as bigint) as order_count,
        {{ money('sum(net_revenue)') }} as net_revenue
    from sales
    group by month_start_date
),

final as (
    select
        months.month_start_date,
        months.order_count,
        months.net_revenue,
        last_year.net_revenue as net_revenue_last_year,
        {{ percentage(
            'months.net_revenue - last_year.net_revenue', 'last_year.net_revenue'
        ) }} as net_revenue_change_pct
    from months
    left join months as last_year
        on last_year.month_start_date = {{ add_months('months.month_start_date', -12) }}
)

select * from final
order by month_start_date
