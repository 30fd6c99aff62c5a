{#
    in:  shifted_month_end("cast('2025-02-28' as date)", 3)     out: 2025-05-31
#}
{% macro shifted_month_end(date_value, months) -%}
    {{ month_end(add_months(month_start(date_value), months)) }}
{%- endmacro %}
