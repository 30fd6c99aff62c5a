{{ config(
    materialized='incremental',
    unique_key='order_id',
    meta={'changes': 'int_changed_orders'}
) }}

with
option_amounts as (
    select * from {{ ref('int_option_amounts') }}
),

final as (
    select
        order_id,
        {{ whole_number('sum(copy_count - 1)') }} as copy_count,
        {{ whole_number('count(distinct case when has_replaced_set then lineitem_id end)') }} as replaced_set_count,
        {{ whole_number('sum(case when is_orphan then 1 else 0 end)') }} as orphan_count
    from option_amounts
    where
        copy_count > 1
        or has_replaced_set
        or is_orphan
    group by order_id
)

select * from final
