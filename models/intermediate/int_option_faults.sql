{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'touched': 'int_touched_orders'}
) }}

with
options as (
    select * from {{ ref('int_current_options') }}
),

order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

counted as (
    select
        options.order_id,
        {{ whole_number('sum(options.copy_count - 1)') }} as copy_count,
        {{ whole_number('sum(case when order_lines.order_id is null then 1 else 0 end)') }} as orphan_count
    from options
    left join order_lines
        on
            options.order_id = order_lines.order_id
            and options.lineitem_id = order_lines.lineitem_id
    group by options.order_id
),

final as (
    select *
    from counted
    where
        copy_count > 0
        or orphan_count > 0
)

select * from final
