with
landed as (
    select * from {{ source('sales', 'date_dim') }}
),

numbered as (
    select
        date_key as date_day,
        is_holiday,
        cast({{ clean_text('holiday_name') }} as varchar(512)) as holiday_name,
        row_number() over (partition by date_key order by _load_id desc, _source_row_number desc) as version_number
    from landed
),

final as (
    select
        date_day,
        is_holiday,
        holiday_name
    from numbered
    where version_number = 1
)

select * from final
