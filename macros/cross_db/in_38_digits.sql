{#
    in:  in_38_digits('3')     out: 3, as a hugeint on DuckDB and as a decimal(38, 0) on Redshift
    DuckDB multiplies no decimals beyond 38 digits by type; Redshift has no whole number beyond bigint.
#}
{% macro in_38_digits(expression) %}
    {{- return(adapter.dispatch('in_38_digits', 'franchise_sales')(expression)) -}}
{% endmacro %}

{% macro default__in_38_digits(expression) -%}
    cast({{ expression }} as decimal(38, 0))
{%- endmacro %}

{% macro duckdb__in_38_digits(expression) -%}
    cast({{ expression }} as hugeint)
{%- endmacro %}
