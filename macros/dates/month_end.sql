{#
    in:  month_end("cast('2024-02-10' as date)")     out: 2024-02-29
#}
{% macro month_end(date_value) -%}
    ({{ add_months(month_start(date_value), 1) }} - 1)
{%- endmacro %}
