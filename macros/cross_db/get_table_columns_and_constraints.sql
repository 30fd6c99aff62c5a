{#
    Redshift takes keys as a promise. DuckDB would keep an index for each: see docs/engineering-decisions.md.
    in:  a contract with a primary key     out: (order_id varchar(64) not null, …)
#}
{% macro duckdb__get_table_columns_and_constraints() -%}
    ({{ adapter.render_raw_columns_constraints(raw_columns=model.columns) | join(', ') }})
{%- endmacro %}
