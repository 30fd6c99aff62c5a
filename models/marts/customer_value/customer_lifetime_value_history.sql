{{ config(
    materialized='incremental',
    unique_key='customer_id',
    meta={'changes': 'int_changed_customers'}
) }}

{% set so_far %}
    over (
        partition by customer_id
        order by business_date
        rows between unbounded preceding and current row
    )
{%- endset %}

with
customer_days as (
    select * from {{ ref('int_customer_days') }}
    where {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

final as (
    select
        customer_id,
        business_date as valid_from,
        lead(business_date) over (partition by customer_id order by business_date) as valid_to,
        cast(sum(order_count) {{ so_far }} as bigint) as order_count,
        {{ money('sum(net_revenue) ' ~ so_far) }} as lifetime_revenue
    from customer_days
)

select * from final
