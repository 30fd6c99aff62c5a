{#
    DuckDB's own way is COPY, which refuses a short row.
    in:  'r1,One' below a header of five columns     out: a row with three nulls
    DuckDB's own way is COPY, which refuses a short row.
#}
{% macro duckdb__load_csv_rows(model, agate_table) %}
    {{- return(default__load_csv_rows(model, agate_table)) -}}
{% endmacro %}
