{#
    Whether a model of the strategy `untouched` may look at its own rows of the run before. Unlike is_incremental() it needs
    no connection where dbt compiles without one.
    in:  is_later_run() in the second run     out: true
#}
{% macro is_later_run() %}
    {%- set state = intermediate_table('run_state') -%}
    {%- set has_state = execute and flags.INTROSPECT
        and adapter.get_relation(state.database, state.schema, state.identifier) is not none -%}
    {{ return(has_state and not should_full_refresh()) }}
{% endmacro %}
