with
excluded_lines as (
    select * from {{ ref('int_excluded_lines') }}
),

-- Read twice under two names: DuckDB would copy what it reads once for two uses.
orders as (
    select * from {{ ref('fct_orders') }}
),

guest_orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is null
),

refund_orders as (
    select * from {{ ref('fct_orders') }}
    where net_revenue < 0
),

negative_item_lines as (
    select * from {{ ref('fct_order_lines') }}
    where item_amount < 0
),

excluded_customers as (
    select * from {{ ref('dim_customers') }}
    where is_excluded
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

up_to_as_of as (
    select
        excluded_lines.order_id,
        excluded_lines.line_kind,
        excluded_lines.net_revenue
    from excluded_lines
    inner join as_of
        on excluded_lines.business_date <= as_of.as_of_date
),

counted as (
    select
        'other_currency_lines' as check_name,
        count(*) as row_count,
        sum(net_revenue) as revenue_affected
    from up_to_as_of
    where line_kind = 'other_currency'

    union all

    select
        'excluded_app_orders' as check_name,
        count(distinct order_id) as row_count,
        sum(net_revenue) as revenue_affected
    from up_to_as_of
    where line_kind = 'excluded_app'

    union all

    select
        'excluded_customer_orders' as check_name,
        count(*) as row_count,
        sum(orders.net_revenue) as revenue_affected
    from orders
    inner join excluded_customers
        on orders.customer_id = excluded_customers.customer_id

    union all

    {% for check, amount in {
        'guest_orders': 'net_revenue', 'refund_orders': 'net_revenue', 'negative_item_lines': 'item_amount'
    }.items() -%}
    select
        '{{ check }}' as check_name,
        count(*) as row_count,
        sum({{ amount }}) as revenue_affected
    from {{ check }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        cast(check_name as varchar(64)) as check_name,
        cast(coalesce(row_count, 0) as bigint) as row_count,
        {{ money('coalesce(revenue_affected, 0)') }} as revenue_affected
    from counted
)

select * from final
