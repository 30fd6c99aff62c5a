{% set sales = {'net_revenue': 'net_revenue', 'order_count': 'order_count', 'item_quantity': 'item_quantity'} %}
{% set categories = {'net_revenue': 'net_revenue', 'item_quantity': 'item_quantity'} %}
{% set orders = {'net_revenue': 'net_revenue', 'order_count': 'order_count'} %}
{% set marts = {
    'fct_orders': {'net_revenue': 'net_revenue', 'item_quantity': 'item_quantity', 'line_count': 'line_count'},
    'dim_customers': {'orders_of_customers': 'order_count'},
    'sales_daily': sales,
    'sales_weekly': sales,
    'sales_monthly': sales,
    'sales_by_category_daily': categories,
    'sales_by_category_weekly': categories,
    'sales_by_category_monthly': categories,
    'sales_by_customer_type_monthly': orders,
    'location_performance': orders,
    'discount_effectiveness': sales,
    'discount_effectiveness_monthly': sales
} %}

with
order_lines as (
    select
        coalesce(sum(net_revenue), 0) as net_revenue,
        coalesce(sum(item_quantity), 0) as item_quantity,
        count(*) as line_count
    from {{ ref('fct_order_lines') }}
),

orders as (
    select
        count(*) as order_count,
        count(customer_id) as orders_of_customers
    from {{ ref('fct_orders') }}
),

facts as (
    select
        order_lines.net_revenue,
        order_lines.item_quantity,
        order_lines.line_count,
        orders.order_count,
        orders.orders_of_customers
    from order_lines
    cross join orders
),

{% for mart, measures in marts.items() -%}
{{ mart }} as (
    select
        {% for measure, column in measures.items() -%}
        coalesce(sum({{ column }}), 0) as {{ measure }},
        {% endfor -%}
        count(*) as row_count
    from {{ ref(mart) }}
),

{% endfor -%}
final as (
    {% for mart, measures in marts.items() -%}
    {% set is_last_mart = loop.last -%}
    {% for measure in measures -%}
    select
        '{{ mart }}' as mart,
        '{{ measure }}' as measure,
        cast({{ mart }}.{{ measure }} as decimal(38, 2)) as total,
        cast(facts.{{ measure }} as decimal(38, 2)) as expected_total
    from {{ mart }}
    inner join facts
        on {{ mart }}.{{ measure }} <> facts.{{ measure }}
    {{ 'union all' if not (loop.last and is_last_mart) }}
    {% endfor -%}
    {% endfor -%}
)

select * from final
