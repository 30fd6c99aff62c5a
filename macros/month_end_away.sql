{#
    The last day of the month that is some months from a date's own.
    in:  month_end_away("cast('2025-02-28' as date)", 3)     out: 2025-05-31
#}
{% macro month_end_away(date_value, months) -%}
    {{ month_end(add_months(month_start(date_value), months)) }}
{%- endmacro %}
