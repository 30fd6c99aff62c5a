{#-
    SQL for "the pattern is found somewhere in the text".

    In:  dbt_expectations.matches_regex("order_id", "^[0-9a-f]{24}$", "")
    Out: DuckDB      regexp_matches(order_id, '^[0-9a-f]{24}$', '')
         PostgreSQL  regexp_count(order_id, '^[0-9a-f]{24}$', 1, '') > 0
         Redshift    regexp_instr(order_id, '^[0-9a-f]{24}$', 1, 1, 0, '') > 0
-#}
{% macro matches_regex(value, regex, flags) %}
    {{ return(adapter.dispatch("matches_regex", "dbt_expectations")(value, regex, flags)) }}
{% endmacro %}

{% macro default__matches_regex(value, regex, flags) %}
    {{ return("regexp_instr(" ~ value ~ ", '" ~ regex ~ "', 1, 1, 0, '" ~ flags ~ "') > 0") }}
{% endmacro %}

{% macro postgres__matches_regex(value, regex, flags) %}
    {{ return("regexp_count(" ~ value ~ ", '" ~ regex ~ "', 1, '" ~ flags ~ "') > 0") }}
{% endmacro %}

{% macro duckdb__matches_regex(value, regex, flags) %}
    {{ return("regexp_matches(" ~ value ~ ", '" ~ regex ~ "', '" ~ flags ~ "')") }}
{% endmacro %}
