{{ config(tags=['full_build_only']) }}

{% set measures = {
    'sales_peak_hours': ['order_count', 'net_revenue'],
    'location_performance': ['recent_order_count', 'recent_net_revenue', 'first_time_customer_count'],
    'menu_item_performance': ['item_quantity', 'net_revenue'],
    'sales_like_for_like_monthly': ['order_count', 'net_revenue']
} %}

with
{% for mart in measures -%}
{{ mart }} as (
    select * from {{ ref(mart) }}
),

{% endfor -%}
orders as (
    select * from {{ ref('fct_orders') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where not is_excluded
),

monthly as (
    select * from {{ ref('sales_monthly') }}
    where is_complete_period
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

sold_items as (
    select
        order_lines.item_category,
        coalesce(order_lines.item_name, '(none)') as item_name,
        sum(order_lines.item_quantity) as item_quantity,
        sum(order_lines.net_revenue) as net_revenue
    from order_lines
    cross join as_of
    where order_lines.business_date > as_of.as_of_date - {{ var('menu_window_days') }}
    group by order_lines.item_category, coalesce(order_lines.item_name, '(none)')
    having sum(order_lines.item_quantity) > 0
),

expected_of_sales_peak_hours as (
    select
        count(*) as order_count,
        sum(orders.net_revenue) as net_revenue
    from orders
    cross join as_of
    where orders.business_date > as_of.as_of_date - {{ var('peak_hours_window_days') }}
),

recent_orders as (
    select
        count(*) as recent_order_count,
        sum(orders.net_revenue) as recent_net_revenue
    from orders
    cross join as_of
    where orders.business_date > as_of.as_of_date - {{ var('location_recent_days') }}
),

customer_counts as (
    select count(*) as first_time_customer_count
    from customers
),

expected_of_location_performance as (
    select
        recent_orders.recent_order_count,
        recent_orders.recent_net_revenue,
        customer_counts.first_time_customer_count
    from recent_orders
    cross join customer_counts
),

expected_of_menu_item_performance as (
    select
        sum(item_quantity) as item_quantity,
        sum(net_revenue) as net_revenue
    from sold_items
),

expected_of_sales_like_for_like_monthly as (
    select
        sum(order_count) as order_count,
        sum(net_revenue) as net_revenue
    from monthly
),

{% for mart, columns in measures.items() -%}
total_of_{{ mart }} as (
    select
        {% for column in columns -%}
        sum({{ column }}) as {{ column }},
        {% endfor -%}
        count(*) as row_count
    from {{ mart }}
),

{% endfor -%}
final as (
    {% for mart, columns in measures.items() -%}
    {% set is_last_mart = loop.last -%}
    {% for column in columns -%}
    select
        '{{ mart }}' as mart,
        '{{ column }}' as measure,
        cast(total.{{ column }} as decimal(38, 2)) as total,
        cast(expected.{{ column }} as decimal(38, 2)) as expected_total
    from total_of_{{ mart }} as total
    inner join expected_of_{{ mart }} as expected
        on coalesce(total.{{ column }}, 0) <> coalesce(expected.{{ column }}, 0)
    {{ 'union all' if not (loop.last and is_last_mart) }}
    {% endfor -%}
    {% endfor -%}
)

select * from final
