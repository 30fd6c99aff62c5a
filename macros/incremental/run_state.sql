{#
    in:  run_state('is_finished, definitions')     out: no row, or the one with these columns
#}
{% macro run_state(columns) %}
    {%- set table = intermediate_table('run_state') -%}
    {%- if not execute or adapter.get_relation(table.database, table.schema, table.identifier) is none -%}
        {{ return([]) }}
    {%- endif -%}
    {{ return(run_query('select ' ~ columns ~ ' from ' ~ table).rows) }}
{% endmacro %}
