{#
    in:  is_full_refresh() in the first run     out: true
#}
{% macro is_full_refresh() %}
    {%- set state = [] if flags.FULL_REFRESH else run_state('is_full_refresh') -%}
    {{ return(not state or state[0][0]) }}
{% endmacro %}

{% macro should_full_refresh() %}
    {%- if not execute or model.config.materialized != 'incremental' -%}
        {{ return(flags.FULL_REFRESH) }}
    {%- endif -%}
    {{ return(is_full_refresh()) }}
{% endmacro %}

{#
    It is true in unit tests and in SQL that is compiled without a warehouse.
    in:  is_changed_only() in the second run     out: true
#}
{% macro is_changed_only() %}
    {%- if not execute or not flags.INTROSPECT or model.resource_type == 'unit_test' -%}
        {{ return(true) }}
    {%- endif -%}
    {{ return(is_incremental() if model.config.materialized == 'incremental' else not is_full_refresh()) }}
{% endmacro %}
