{#
    in:  rate('1', '3')     out: 0.3333
#}
{% macro rate(part, whole) -%}
    cast({{ rounded_quotient('(10000 * ' ~ part ~ ')', whole) }} * cast(0.0001 as decimal(5, 4)) as decimal(18, 4))
{%- endmacro %}
