{{ config(tags=['full_build_only']) }}
{% set window_days = var('loyalty_window_days') %}

with
customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded and loyalty_joined_date is not null
),

first_orders as (
    select * from {{ ref('fct_orders') }}
    where customer_order_number = 1 and not is_loyalty
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

joiners as (
    select count(*) as customer_count
    from customers
    inner join first_orders
        on customers.customer_id = first_orders.customer_id
    inner join as_of
        on
            customers.loyalty_joined_date - {{ window_days }} >= as_of.first_business_date
            and customers.loyalty_joined_date + {{ window_days }} <= as_of.as_of_date
),

periods as (
    select
        sum(case when joined_period = 'all' then customer_count else 0 end) as all_customers,
        sum(case when joined_period <> 'all' then customer_count else 0 end) as customers_of_months,
        sum(case when joined_period = 'all' then orders_after else -orders_after end) as orders_apart,
        sum(case when joined_period = 'all' then expected_orders_after else -expected_orders_after end)
            as expected_apart,
        sum(case when joined_period = 'all' then expected_net_revenue_after else -expected_net_revenue_after end)
            as expected_revenue_apart
    from {{ ref('loyalty_joining_effect') }}
),

final as (
    select
        joiners.customer_count as expected_customer_count,
        periods.all_customers,
        periods.customers_of_months,
        periods.orders_apart,
        periods.expected_apart,
        periods.expected_revenue_apart
    from joiners
    cross join periods
    where
        periods.all_customers <> joiners.customer_count
        or periods.customers_of_months <> joiners.customer_count
        or periods.orders_apart <> 0
        or periods.expected_apart <> 0
        or periods.expected_revenue_apart <> 0
)

select * from final
