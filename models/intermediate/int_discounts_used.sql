{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'touched': 'int_touched_orders'}
) }}

with
option_amounts as (
    select * from {{ ref('int_option_amounts') }}
),

touched_dates as (
    select * from {{ ref('int_touched_dates') }}
),

-- Those of touched orders are of touched dates: no other is looked at.
order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where business_date in (select touched_dates.business_date from touched_dates)
),

final as (
    select distinct
        cast(coalesce(option_amounts.option_group_name, '(none)') as varchar(512)) as option_group_name,
        cast(coalesce(option_amounts.option_name, '(none)') as varchar(512)) as option_name,
        order_lines.order_id,
        order_lines.location_id,
        order_lines.business_date
    from option_amounts
    inner join order_lines
        on
            option_amounts.order_id = order_lines.order_id
            and option_amounts.lineitem_id = order_lines.lineitem_id
    where option_amounts.amount < 0
)

select * from final
