with
sales as (
    select * from {{ ref('fct_order_lines') }}
),

load_files as (
    select * from {{ ref('stg_sales__load_files') }}
    where table_name = 'order_items'
),

landed_lines as (
    select * from {{ ref('stg_sales__order_items') }}
),

latest_load as (
    select cast(max(loaded_at) as date) as loaded_on
    from load_files
),

final as (
    select
        sales.order_id,
        sales.business_date,
        latest_load.loaded_on,
        load_files.file_name,
        landed_lines.source_row_number
    from sales
    inner join latest_load
        on sales.business_date > latest_load.loaded_on + 1
    inner join landed_lines
        on
            sales.order_id = landed_lines.order_id
            and sales.lineitem_id = landed_lines.lineitem_id
    inner join load_files
        on landed_lines.load_id = load_files.load_id
)

select * from final
