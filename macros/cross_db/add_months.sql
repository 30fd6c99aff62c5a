{#
    DuckDB has no dateadd; both engines give a timestamp, so the result is cast back to a date.
    in:  add_months("cast('2024-02-29' as date)", -12)     out: 2023-02-28
    DuckDB has no dateadd; both engines give a timestamp, so the result is cast back to a date.
#}
{% macro add_months(date_value, months) %}
    {{- return(adapter.dispatch('add_months', 'franchise_sales')(date_value, months)) -}}
{% endmacro %}

{% macro default__add_months(date_value, months) -%}
    cast(dateadd(month, {{ months }}, {{ date_value }}) as date)
{%- endmacro %}

{% macro duckdb__add_months(date_value, months) -%}
    cast({{ date_value }} + to_months({{ months }}) as date)
{%- endmacro %}
