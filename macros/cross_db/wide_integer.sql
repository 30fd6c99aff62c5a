{#
    A percentage multiplies cents by 10,000 and once more by 2. Redshift has no whole number beyond bigint, so
    percentages there reach to amounts of 4.6 x 10^12.
    in:  wide_integer()     out: hugeint on DuckDB, bigint on Redshift
    Redshift has no whole number beyond bigint, so percentages there reach to amounts of 4.6 x 10^12.
#}
{% macro wide_integer() %}
    {{- return(adapter.dispatch('wide_integer', 'franchise_sales')()) -}}
{% endmacro %}

{% macro default__wide_integer() -%}
    bigint
{%- endmacro %}

{% macro duckdb__wide_integer() -%}
    hugeint
{%- endmacro %}
