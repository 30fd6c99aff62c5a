{#
    in:  expected_orders_band('expected_orders') with 912500     out: 10
#}
{% macro expected_orders_band(expected_orders) -%}
    {{ band(expected_orders, [0] + var('expected_value_probability_bands'), scale=1000000) }}
{%- endmacro %}
