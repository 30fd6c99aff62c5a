{% set so_far %}
    over (
        partition by customers_at_month_end.customer_id
        order by customers_at_month_end.month_end_date
        rows between unbounded preceding and current row
    )
{%- endset %}

with
customer_months as (
    select * from {{ ref('int_customer_months') }}
),

calendar_days as (
    select * from {{ ref('int_calendar_days') }}
),

first_touched_month as (
    select * from {{ ref('int_first_touched_month') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

complete_months as (
    select distinct {{ month_end('calendar_days.date_day') }} as month_end_date
    from calendar_days
    inner join as_of
        on {{ month_end('calendar_days.date_day') }} <= as_of.as_of_date
    inner join first_touched_month
        on {{ month_end('calendar_days.date_day') }} >= first_touched_month.month_end_date
),

first_months as (
    select
        customer_id,
        min(month_end_date) as month_end_date
    from customer_months
    group by customer_id
),

customers_at_month_end as (
    select
        first_months.customer_id,
        complete_months.month_end_date
    from first_months
    inner join complete_months
        on first_months.month_end_date <= complete_months.month_end_date
),

final as (
    select
        customers_at_month_end.customer_id,
        customers_at_month_end.month_end_date,
        max(customer_months.last_order_date) {{ so_far }} as last_order_date,
        {{ whole_number('sum(coalesce(customer_months.order_count, 0)) ' ~ so_far) }} as order_count,
        {{ money('sum(coalesce(customer_months.revenue, 0)) ' ~ so_far) }} as lifetime_revenue,
        {{ whole_number('sum(coalesce(customer_months.window_order_count, 0)) ' ~ so_far) }} as frequency,
        {{ money('sum(coalesce(customer_months.window_revenue, 0)) ' ~ so_far) }} as monetary
    from customers_at_month_end
    left join customer_months
        on
            customers_at_month_end.customer_id = customer_months.customer_id
            and customers_at_month_end.month_end_date = customer_months.month_end_date
)

select * from final
