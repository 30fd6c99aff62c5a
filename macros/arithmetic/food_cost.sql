{#
    It has six decimals and is not rounded: whoever sums it rounds the sum, once.
    in:  food_cost('10.01', '0.29')     out: 2.902900
#}
{% macro food_cost(gross_revenue, food_cost_rate) -%}
    cast({{ gross_revenue }} as decimal(20, 2))
    * cast(coalesce({{ food_cost_rate }}, {{ var('default_food_cost_rate') }}) as decimal(9, 4))
{%- endmacro %}
