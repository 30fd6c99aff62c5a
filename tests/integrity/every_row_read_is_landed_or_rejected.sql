{% set tables = ['order_items', 'order_item_options', 'date_dim'] %}

with
landed as (
    {% for table in tables -%}
    select
        _load_id,
        count(*) as row_count
    from {{ source('sales', table) }}
    group by _load_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

rejected as (
    select
        _load_id,
        count(*) as row_count
    from {{ source('sales', 'rejected_rows') }}
    group by _load_id
),

files as (
    select
        load_id,
        file_name,
        table_name,
        rows_read,
        rows_landed,
        rows_rejected
    from {{ source('sales', 'load_files') }}
),

final as (
    select
        coalesce(files.load_id, landed._load_id, rejected._load_id) as load_id,
        files.file_name,
        files.table_name,
        files.rows_read,
        landed.row_count as rows_in_raw,
        rejected.row_count as rows_in_rejected_rows
    from files
    full outer join landed
        on files.load_id = landed._load_id
    full outer join rejected
        on files.load_id = rejected._load_id
    where
        files.load_id is null
        or files.table_name not in ('{{ tables | join("', '") }}')
        or files.rows_landed <> coalesce(landed.row_count, 0)
        or files.rows_rejected <> coalesce(rejected.row_count, 0)
        or files.rows_read <> files.rows_landed + files.rows_rejected
)

select * from final
