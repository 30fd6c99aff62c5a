with
landed as (
    select * from {{ source('sales', 'rejected_rows') }}
),

final as (
    select
        cast(table_name as varchar(64)) as table_name,
        cast(reason as varchar(64)) as reason,
        cast(_source_file as varchar(1024)) as source_file,
        _source_row_number as source_row_number
    from landed
)

select * from final
