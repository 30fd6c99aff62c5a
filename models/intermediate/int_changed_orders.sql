{{ config(materialized='incremental', incremental_strategy='append') }}
{{ config(pre_hook='{{ check_time_zones() }}') }} -- depends_on: {{ ref('locations') }}

with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

removed_orders as (
    select
        load_id,
        cast({{ clean_text('order_id') }} as varchar(64)) as order_id
    from {{ source('sales', 'removed_orders') }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

-- In a first run there are none to read.
order_lines_before as (
    {% if is_changed_only() -%}
    select
        order_id,
        business_date,
        customer_id,
        ordered_at_utc
    from {{ source('marts_before', 'order_lines_before') }}

    union all

    select
        order_id,
        business_date,
        customer_id,
        ordered_at_utc
    from {{ source('run_state', 'excluded_lines_before') }}
    {%- else -%}
    select
        order_id,
        cast(null as date) as business_date,
        cast(null as varchar(64)) as customer_id,
        cast(null as timestamp) as ordered_at_utc
    from order_items
    where false
    {%- endif %}
),

changes as (
    select
        order_id,
        load_id
    from order_items

    union all

    select
        order_id,
        load_id
    from options

    union all

    select
        order_id,
        load_id
    from removed_orders
),

changed as (
    select distinct order_id
    from changes
    where
        load_id > (select run_state.built_load_id from run_state)
        and load_id <= (select run_state.seen_load_id from run_state)
        and {{ 'true' if is_changed_only() else 'false' }}
),

final as (
    select distinct
        changed.order_id,
        order_lines_before.business_date,
        order_lines_before.customer_id,
        order_lines_before.ordered_at_utc
    from changed
    left join order_lines_before
        on changed.order_id = order_lines_before.order_id
)

select * from final
