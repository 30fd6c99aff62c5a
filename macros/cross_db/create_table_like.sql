{#
    Redshift's LIKE keeps the sort order too, but no key; DuckDB has no LIKE and makes it from a query.
    in:  create_table_like('marts.dim_dates', 'marts_next.dim_dates')     out: create table marts.dim_dates …
#}
{% macro create_table_like(relation, model_relation, constraints=[]) %}
    {{- return(adapter.dispatch('create_table_like', 'franchise_sales')(relation, model_relation, constraints)) -}}
{% endmacro %}

{% macro default__create_table_like(relation, model_relation, constraints) -%}
    create table {{ relation }} (
        {{- (['like ' ~ model_relation] + adapter.render_raw_model_constraints(constraints)) | join(', ') -}}
    )
{%- endmacro %}

{% macro duckdb__create_table_like(relation, model_relation, constraints) -%}
    create table {{ relation }} as from {{ model_relation }} limit 0
{%- endmacro %}
