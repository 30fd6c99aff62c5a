{#
    in:  week_start("cast('2024-05-15' as date)")     out: 2024-05-13
#}
{% macro week_start(date_value) -%}
    cast(date_trunc('week', {{ date_value }}) as date)
{%- endmacro %}
