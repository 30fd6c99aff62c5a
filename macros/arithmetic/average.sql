{#
    in:  average('net_revenue', 'order_count')     out: 3.34 for 10.01 and 3
#}
{% macro average(total, number) -%}
    cast({{ rounded_quotient(hundredths(total), number) }} * cast(0.01 as decimal(3, 2)) as decimal(18, 2))
{%- endmacro %}
