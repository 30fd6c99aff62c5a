{{ config(meta={'changed_only': true}) }}

{% set so_far %}
    over (
        partition by customer_id
        order by month_end_date
        rows between unbounded preceding and current row
    )
{%- endset %}

with
customer_months as (
    select * from {{ ref('int_customer_months') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

changed_periods as (
    select * from {{ ref('int_changed_periods') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

complete_months as (
    select distinct {{ month_end('dates.date_day') }} as month_end_date
    from dates
    inner join as_of
        on {{ month_end('dates.date_day') }} <= as_of.as_of_date
    where {{ month_end('dates.date_day') }} >= (select min(changed_periods.month_end_date) from changed_periods)
),

-- As the customer stands from a month in which something changed until the next one.
states as (
    select
        customer_id,
        month_end_date,
        lead(month_end_date) over (partition by customer_id order by month_end_date) as next_month_end_date,
        min(first_order_date) {{ so_far }} as first_order_date,
        max(last_order_date) {{ so_far }} as last_order_date,
        cast(sum(order_count) {{ so_far }} as bigint) as order_count,
        {{ money('sum(revenue) ' ~ so_far) }} as lifetime_revenue,
        cast(sum(window_order_count) {{ so_far }} as bigint) as frequency,
        {{ money('sum(window_revenue) ' ~ so_far) }} as monetary
    from customer_months
),

final as (
    select
        states.customer_id,
        complete_months.month_end_date,
        states.first_order_date,
        cast(complete_months.month_end_date - states.last_order_date as bigint) as recency_days,
        states.order_count,
        states.lifetime_revenue,
        states.frequency,
        states.monetary
    from states
    inner join complete_months
        on
            states.month_end_date <= complete_months.month_end_date
            and (
                states.next_month_end_date > complete_months.month_end_date
                or states.next_month_end_date is null
            )
)

select * from final
