{{ config(meta={'changed_only': true}) }}

with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
    where {{ changed_only('order_id', ref('int_changed_orders')) }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

seen_lines as (
    select *
    from order_items
    where load_id <= (select run_state.seen_load_id from run_state)
),

-- Few lines come more than once; numbering the versions of all would take most of the time.
repeated_lines as (
    select
        order_id,
        lineitem_id
    from seen_lines
    group by order_id, lineitem_id
    having count(*) > 1
),

numbered as (
    select
        seen_lines.load_id,
        seen_lines.source_row_number,
        row_number() over (
            partition by seen_lines.order_id, seen_lines.lineitem_id
            order by seen_lines.load_id desc, seen_lines.source_row_number desc
        ) as version_number
    from seen_lines
    inner join repeated_lines
        on
            seen_lines.order_id = repeated_lines.order_id
            and seen_lines.lineitem_id = repeated_lines.lineitem_id
),

superseded_rows as (
    select
        load_id,
        source_row_number
    from numbered
    where version_number > 1
),

final as (
    select
        seen_lines.order_id,
        seen_lines.lineitem_id,
        seen_lines.location_id,
        seen_lines.customer_id,
        seen_lines.app_name,
        seen_lines.item_category,
        seen_lines.item_name,
        seen_lines.currency,
        seen_lines.item_price,
        seen_lines.item_quantity,
        seen_lines.is_loyalty,
        seen_lines.ordered_at_utc
    from seen_lines
    left join superseded_rows
        on
            seen_lines.load_id = superseded_rows.load_id
            and seen_lines.source_row_number = superseded_rows.source_row_number
    where superseded_rows.load_id is null
)

select * from final
