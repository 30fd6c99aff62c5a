{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'changes': 'int_changed_orders'}
) }}

with
option_amounts as (
    select * from {{ ref('int_option_amounts') }}
),

-- Those of changed orders are of changed dates: no other is looked at.
order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where {{ changed_only('business_date', ref('int_changed_dates')) }}
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
