{{ config(post_hook='{{ finish_build() }}') }}

-- Built after every table that keeps its rows:
-- depends_on: {{ ref('dim_customers') }}, {{ ref('int_customer_locations') }}
-- depends_on: {{ ref('customer_lifetime_value_history') }}, {{ ref('customer_month_end') }}
-- depends_on: {{ ref('sales_daily') }}, {{ ref('sales_by_category_weekly') }}, {{ ref('sales_by_category_monthly') }}
-- depends_on: {{ ref('expected_value_backtest') }}, {{ ref('int_discount_days') }}
-- depends_on: {{ ref('int_discounts_used') }}, {{ ref('int_option_faults') }}

with
touched_orders as (
    select * from {{ ref('int_touched_orders') }}
),

order_heads as (
    select * from {{ ref('int_order_heads') }}
),

final as (
    select
        touched_orders.order_id,
        touched_orders.load_id,
        order_heads.business_date,
        order_heads.customer_id,
        order_heads.ordered_at_utc
    from touched_orders
    left join order_heads
        on touched_orders.order_id = order_heads.order_id
    -- Of a load that goes while this run is under way the next run must know that it was built.
    where not touched_orders.is_gone
)

select * from final
