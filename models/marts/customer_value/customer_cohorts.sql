{% set so_far %}
    over (partition by cohorts.cohort_month order by months.month_start_date rows unbounded preceding)
{%- endset %}

with
customers as (
    select * from {{ ref('int_customer_totals') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is not null
),

dates as (
    select * from {{ ref('dim_dates') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

complete_months as (
    select distinct dates.month_start_date
    from dates
    inner join as_of
        on {{ month_end('dates.date_day') }} <= as_of.as_of_date
),

cohorts as (
    select
        {{ month_start('first_order_date') }} as cohort_month,
        cast(count(*) as bigint) as customer_count
    from customers
    group by {{ month_start('first_order_date') }}
),

-- A customer's month first: that is faster than counting different customers in each month of a cohort.
customer_months as (
    select
        customer_id,
        {{ month_start('business_date') }} as month_start_date,
        count(*) as order_count,
        sum(net_revenue) as net_revenue,
        count(case when customer_order_number = 2 then 1 end) as second_order_count
    from orders
    group by customer_id, {{ month_start('business_date') }}
),

bought as (
    select
        {{ month_start('customers.first_order_date') }} as cohort_month,
        customer_months.month_start_date,
        count(*) as customer_count,
        sum(customer_months.order_count) as order_count,
        sum(customer_months.net_revenue) as net_revenue,
        sum(customer_months.second_order_count) as second_order_count
    from customer_months
    inner join customers
        on customer_months.customer_id = customers.customer_id
    group by {{ month_start('customers.first_order_date') }}, customer_months.month_start_date
),

-- In each month from the cohort's own on, also where nobody of it came.
followed as (
    select
        cohorts.cohort_month,
        cast(count(*) {{ so_far }} - 1 as bigint) as months_since_first,
        cohorts.customer_count,
        cast(coalesce(bought.customer_count, 0) as bigint) as active_customer_count,
        cast(coalesce(bought.order_count, 0) as bigint) as order_count,
        {{ money('coalesce(bought.net_revenue, 0)') }} as net_revenue,
        {{ money('sum(bought.net_revenue) ' ~ so_far) }} as cumulative_net_revenue,
        cast(sum(bought.second_order_count) {{ so_far }} as bigint) as repeat_customer_count
    from cohorts
    inner join complete_months as months
        on cohorts.cohort_month <= months.month_start_date
    left join bought
        on
            cohorts.cohort_month = bought.cohort_month
            and months.month_start_date = bought.month_start_date
),

final as (
    select
        cohort_month,
        months_since_first,
        customer_count,
        active_customer_count,
        {{ rate('active_customer_count', 'customer_count') }} as retention_rate,
        order_count,
        net_revenue,
        cumulative_net_revenue,
        {{ average('cumulative_net_revenue', 'customer_count') }} as cumulative_net_revenue_per_customer,
        repeat_customer_count,
        {{ rate('repeat_customer_count', 'customer_count') }} as repeat_customer_rate
    from followed
)

select * from final
