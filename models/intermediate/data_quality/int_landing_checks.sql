with
rejected_rows as (
    select * from {{ ref('stg_sales__rejected_rows') }}
),

files_of_lines as (
    select * from {{ ref('stg_sales__load_files') }}
    where table_name = 'order_items'
),

sold_lines as (
    select * from {{ ref('fct_order_lines') }}
),

excluded_lines as (
    select * from {{ ref('int_excluded_lines') }}
),

option_faults as (
    select * from {{ ref('int_option_faults') }}
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
        (select coalesce(sum(rows_landed), 0) from files_of_lines)
        - (select count(*) from sold_lines)
        - (select count(*) from excluded_lines) as row_count

    union all

    select
        'duplicate_options' as check_name,
        sum(copy_count) as row_count
    from option_faults

    union all

    select
        'replaced_option_sets' as check_name,
        sum(replaced_set_count) as row_count
    from option_faults

    union all

    select
        'orphan_options' as check_name,
        sum(orphan_count) as row_count
    from option_faults
),

final as (
    select
        cast(check_name as varchar(64)) as check_name,
        cast(coalesce(row_count, 0) as bigint) as row_count
    from counted
)

select * from final
