with
rejected_rows as (
    select * from {{ ref('stg_sales__rejected_rows') }}
),

landed_lines as (
    select * from {{ ref('stg_sales__order_items') }}
),

current_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

options as (
    select * from {{ ref('int_current_options') }}
),

counted as (
    select
        case table_name when 'order_items' then 'rejected_items_' else 'rejected_options_' end || reason as check_name,
        count(*) as row_count
    from rejected_rows
    where table_name in ('order_items', 'order_item_options')
    group by table_name, reason

    union all

    select
        'superseded_order_lines' as check_name,
        (select count(*) from landed_lines) - (select count(*) from current_lines) as row_count

    union all

    select
        'duplicate_options' as check_name,
        sum(copy_count - 1) as row_count
    from options

    union all

    select
        'orphan_options' as check_name,
        count(*) as row_count
    from options
    left join current_lines
        on
            options.order_id = current_lines.order_id
            and options.lineitem_id = current_lines.lineitem_id
    where current_lines.order_id is null
),

final as (
    select
        cast(check_name as varchar(64)) as check_name,
        {{ whole_number('coalesce(row_count, 0)') }} as row_count
    from counted
)

select * from final
