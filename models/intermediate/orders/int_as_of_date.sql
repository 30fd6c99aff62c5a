{% set as_of_date = "cast('" ~ var('as_of_date') ~ "' as date)" if var('as_of_date') else 'business_date' %}

with
order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

sales as (
    select
        min(business_date) as first_business_date,
        max(business_date) as business_date
    from order_lines
),

final as (
    select
        {{ as_of_date }} as as_of_date,
        first_business_date
    from sales
)

select * from final
