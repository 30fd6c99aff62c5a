with
open_rows as (
    select
        customer_id,
        order_count,
        lifetime_revenue
    from {{ ref('customer_lifetime_value_history') }}
    where valid_to is null
),

lifetimes as (
    select
        customer_id,
        order_count,
        lifetime_revenue
    from {{ ref('customer_lifetime_value') }}
),

final as (
    select
        coalesce(open_rows.customer_id, lifetimes.customer_id) as customer_id,
        open_rows.lifetime_revenue as history_revenue,
        lifetimes.lifetime_revenue
    from open_rows
    full outer join lifetimes
        on open_rows.customer_id = lifetimes.customer_id
    where
        open_rows.customer_id is null
        or lifetimes.customer_id is null
        or open_rows.order_count <> lifetimes.order_count
        or open_rows.lifetime_revenue <> lifetimes.lifetime_revenue
)

select * from final
