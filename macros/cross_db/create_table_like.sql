{#
    Redshift's LIKE keeps the sort order too; DuckDB has no LIKE and makes it from a query.
    in:  create_table_like('marts.dim_dates', 'marts_next.dim_dates')     out: create table marts.dim_dates …
    Redshift's LIKE keeps the sort order too; DuckDB has no LIKE and makes it from a query.
#}
{% macro create_table_like(relation, model_relation) %}
    {{- return(adapter.dispatch('create_table_like', 'franchise_sales')(relation, model_relation)) -}}
{% endmacro %}

{% macro default__create_table_like(relation, model_relation) -%}
    create table {{ relation }} (like {{ model_relation }})
{%- endmacro %}

{% macro duckdb__create_table_like(relation, model_relation) -%}
    create table {{ relation }} as from {{ model_relation }} limit 0
{%- endmacro %}
