{{ config(
    materialized='incremental',
    incremental_strategy='append',
    meta={'no_key': 'A run that takes up one that died adds the same rows once more.'}
) }}
{{ config(pre_hook='{{ check_time_zones() }}') }} -- depends_on: {{ ref('locations') }}

with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

removed_orders as (
    select * from {{ ref('stg_sales__removed_orders') }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

{% if is_changed_only() %}
sold_lines_before as (
    select * from {{ source('marts_before', 'order_lines_before') }}
),

excluded_lines_before as (
    select * from {{ source('run_state', 'excluded_lines_before') }}
),
{% endif %}

order_lines_before as (
    {% if is_changed_only() -%}
    {% for lines_before in ['sold_lines_before', 'excluded_lines_before'] -%}
    select
        order_id,
        business_date,
        customer_id,
        ordered_at_utc
    from {{ lines_before }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
    {% for rows in ['order_items', 'options', 'removed_orders'] -%}
    select
        order_id,
        load_id
    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
