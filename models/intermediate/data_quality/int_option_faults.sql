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
        cast(sum(copy_count - 1) as bigint) as copy_count,
        cast(count(distinct case when has_replaced_set then lineitem_id end) as bigint) as replaced_set_count,
        cast(sum(case when is_orphan then 1 else 0 end) as bigint) as orphan_count
    from option_amounts
    where
        copy_count > 1
        or has_replaced_set
        or is_orphan
    group by order_id
)

select * from final
