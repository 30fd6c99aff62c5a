{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key=['order_id', 'load_id']) }}
{{ config(pre_hook='{{ check_time_zones() }}') }} -- depends_on: {{ ref('locations') }}

with
order_items as (
    select * from {{ ref('stg_sales__order_items') }}
),

options as (
    select * from {{ ref('stg_sales__order_item_options') }}
),

load_files as (
    select * from {{ source('sales', 'load_files') }}
),

loads_seen as (
    select * from {{ source('build_state', 'loads_seen') }}
),

-- Read three times under three names: DuckDB would copy what it reads once for three uses, all years of it.
built as (
    select * from {{ source('build_state', 'order_loads') }}
),

built_by_load as (
    select * from {{ source('build_state', 'order_loads') }}
),

built_by_gone_load as (
    select * from {{ source('build_state', 'order_loads') }}
),

built_loads as (
    select distinct load_id from built_by_load
),

new_loads as (
    select load_files.load_id
    from load_files
    left join built_loads
        on load_files.load_id = built_loads.load_id
    where built_loads.load_id is null and load_files.load_id <= (select loads_seen.last_load_id from loads_seen)
),

arrived as (
    select
        order_id,
        load_id
    from order_items
    where load_id in (select new_loads.load_id from new_loads)

    union distinct

    select
        order_id,
        load_id
    from options
    where load_id in (select new_loads.load_id from new_loads)
),

touched as (
    select order_id
    from arrived

    union distinct

    select order_id
    from built_by_gone_load
    where load_id not in (select load_files.load_id from load_files)
),

final as (
    select
        arrived.order_id,
        arrived.load_id,
        cast(null as date) as business_date,
        cast(null as varchar(64)) as customer_id,
        cast(null as timestamp) as ordered_at_utc,
        false as is_gone
    from arrived

    union all

    select
        built.order_id,
        built.load_id,
        built.business_date,
        built.customer_id,
        built.ordered_at_utc,
        load_files.load_id is null as is_gone
    from built
    inner join touched
        on built.order_id = touched.order_id
    left join load_files
        on built.load_id = load_files.load_id
)

select * from final
