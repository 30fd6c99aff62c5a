{#
    Redshift's documented form for a zone that comes from a column is convert_timezone; DuckDB has only `at time zone`.
    in:  utc_to_local("timestamp '2024-07-01 16:00:00'", "'America/New_York'")     out: 2024-07-01 12:00:00
    Redshift's documented form for a zone that comes from a column is convert_timezone; DuckDB has only `at time zone`.
#}
{% macro utc_to_local(utc_time, timezone) %}
    {{- return(adapter.dispatch('utc_to_local', 'franchise_sales')(utc_time, timezone)) -}}
{% endmacro %}

{% macro default__utc_to_local(utc_time, timezone) -%}
    convert_timezone('UTC', {{ timezone }}, {{ utc_time }})
{%- endmacro %}

{% macro duckdb__utc_to_local(utc_time, timezone) -%}
    ({{ utc_time }} at time zone 'UTC' at time zone {{ timezone }})
{%- endmacro %}
