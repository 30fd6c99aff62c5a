{{ config(meta={'changed_only': true}) }}

with
changed_orders as (
    select * from {{ ref('int_changed_orders') }}
),

changed_customers as (
    select * from {{ ref('int_changed_customers') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
    where
        customer_id is not null
        and {{ changed_only('customer_id', ref('int_changed_customers')) }}
),

first_changes as (
    select
        customer_id,
        min(ordered_at_utc) as ordered_at_utc
    from changed_customers
    group by customer_id
),

orders as (
    select distinct
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.business_date,
        order_lines.ordered_at_utc,
        -- A full refresh has no list of customers, and numbers all orders.
        coalesce(order_lines.ordered_at_utc >= first_changes.ordered_at_utc, true) as is_renumbered
    from order_lines
    left join first_changes
        on order_lines.customer_id = first_changes.customer_id
),

numbered as (
    select
        order_id,
        business_date,
        is_renumbered,
        cast(
            row_number() over (partition by customer_id order by ordered_at_utc, order_id) as bigint
        ) as customer_order_number
    from orders
),

renumbered as (
    select
        order_id,
        business_date,
        customer_order_number
    from numbered
    where is_renumbered
),

final as (
    select
        order_id,
        business_date,
        customer_order_number
    from renumbered

    union all

    select distinct
        changed_orders.order_id,
        cast(null as date) as business_date,
        cast(null as bigint) as customer_order_number
    from changed_orders
    left join renumbered
        on changed_orders.order_id = renumbered.order_id
    where renumbered.order_id is null
)

select * from final
