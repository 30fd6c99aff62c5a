with
touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

touched_customers as (
    select * from {{ ref('int_touched_customers') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

first_touched as (
    select
        customer_id,
        min(ordered_at_utc) as ordered_at_utc
    from touched_customers
    group by customer_id
),

orders as (
    select distinct
        order_lines.order_id,
        order_lines.customer_id,
        order_lines.business_date,
        order_lines.ordered_at_utc,
        order_lines.ordered_at_utc >= first_touched.ordered_at_utc as is_renumbered
    from order_lines
    inner join first_touched
        on order_lines.customer_id = first_touched.customer_id
),

numbered as (
    select
        order_id,
        business_date,
        is_renumbered,
        {{ whole_number(
            'row_number() over (partition by customer_id order by ordered_at_utc, order_id)'
        ) }} as customer_order_number
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
        touched_orders.order_id,
        cast(null as date) as business_date,
        cast(null as bigint) as customer_order_number
    from touched_orders
    left join renumbered
        on touched_orders.order_id = renumbered.order_id
    where renumbered.order_id is null
)

select * from final
