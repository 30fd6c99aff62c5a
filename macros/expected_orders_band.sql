{#
    The band of orders to expect, given in millionths, counted from 1; the variable expected_value_probability_bands has
    the edges between the bands.
    in:  expected_orders_band('expected_orders') with 912500     out: 10
#}
{% macro expected_orders_band(expected_orders) -%}
    {{ band(expected_orders, [0] + var('expected_value_probability_bands'), scale=1000000) }}
{%- endmacro %}
