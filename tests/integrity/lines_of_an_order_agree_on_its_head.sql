{{ config(severity='warn') }}

with
order_lines as (
    select * from {{ ref('int_current_order_lines') }}
),

final as (
    select
        order_id,
        count(*) as line_count
    from order_lines
    group by order_id
    having
        min(location_id) <> max(location_id)
        or min(ordered_at_utc) <> max(ordered_at_utc)
        or count(distinct coalesce(customer_id, '')) > 1
        or count(distinct coalesce(app_name, '')) > 1
        or (max(case when is_loyalty then 1 else 0 end) <> min(case when is_loyalty then 1 else 0 end))
)

select * from final
