with
starts as (
    select * from {{ ref('int_value_starts') }}
),

first_changed_month as (
    select * from {{ ref('int_first_changed_month') }}
),

final as (
    select distinct
        starts.start_date,
        starts.half_days
    from starts
    inner join first_changed_month
        on starts.end_date < coalesce(first_changed_month.month_end_date, starts.end_date + 1)
)

select * from final
