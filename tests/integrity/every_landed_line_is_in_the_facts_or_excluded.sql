with
landed_lines as (
    select * from {{ ref('stg_sales__order_items') }}
),

removed_orders as (
    select * from {{ ref('stg_sales__removed_orders') }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

built_lines as (
    select order_id
    from {{ ref('fct_order_lines') }}

    union all

    select order_id
    from {{ ref('int_excluded_lines') }}
),

landed as (
    select
        order_id,
        count(distinct lineitem_id) as line_count
    from landed_lines
    where load_id <= (select run_state.seen_load_id from run_state)
    group by order_id
),

built as (
    select
        order_id,
        count(*) as line_count
    from built_lines
    group by order_id
),

-- What has changed while the run was under way is the next run's.
changed_since as (
    select
        order_id,
        load_id
    from removed_orders

    union all

    select
        order_id,
        load_id
    from landed_lines
),

final as (
    select
        coalesce(landed.order_id, built.order_id) as order_id,
        coalesce(landed.line_count, 0) as landed_line_count,
        coalesce(built.line_count, 0) as built_line_count
    from landed
    full outer join built
        on landed.order_id = built.order_id
    where
        coalesce(landed.line_count, 0) <> coalesce(built.line_count, 0)
        and coalesce(landed.order_id, built.order_id) not in (
            select changed_since.order_id
            from changed_since
            where changed_since.load_id > (select run_state.seen_load_id from run_state)
        )
)

select * from final
