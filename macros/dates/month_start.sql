{#
    in:  month_start("cast('2024-05-15' as date)")     out: 2024-05-01
#}
{% macro month_start(date_value) -%}
    cast(date_trunc('month', {{ date_value }}) as date)
{%- endmacro %}
