{{ config(severity='warn') }}

with
customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

company as (
    select count(*) as order_count
    from {{ ref('fct_orders') }}
),

final as (
    select
        customers.customer_id,
        customers.order_count,
        company.order_count as order_count_of_company
    from customers
    inner join company
        on 20 * customers.order_count > company.order_count
    where company.order_count >= 1000
)

select * from final
