with
landed as (
    select * from {{ source('sales', 'load_files') }}
),

final as (
    select
        -- ids
        load_id,
        batch_id,

        -- text
        cast(file_name as varchar(1024)) as file_name,
        cast(sha256 as varchar(64)) as sha256,
        cast(table_name as varchar(64)) as table_name,

        -- numbers
        rows_read,
        rows_landed,
        rows_rejected,

        -- times
        first_business_date,
        last_business_date,
        loaded_at
    from landed
)

select * from final
