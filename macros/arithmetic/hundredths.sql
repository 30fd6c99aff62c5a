{#
    in:  hundredths('net_revenue')     out: 1234 for 12.34
#}
{% macro hundredths(expression) -%}
    cast(({{ expression }}) * 100 as {{ wide_integer() }})
{%- endmacro %}
