{#
    in:  order_band('order_count') with order_count 4     out: 3
#}
{% macro order_band(order_count) -%}
    {{ band(order_count, var('expected_value_order_bands')) }}
{%- endmacro %}
