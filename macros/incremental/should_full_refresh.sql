{#
    Whether a model is built from nothing; dbt asks. Besides --full-refresh that is so in the first run and in one that
    takes up a full refresh which was cut off.
    in:  should_full_refresh() in the first run     out: true
#}
{% macro should_full_refresh() %}
    {%- if flags.FULL_REFRESH or not execute or model.config.materialized != 'incremental' -%}
        {{ return(flags.FULL_REFRESH) }}
    {%- endif -%}
    {%- set status = run_query('select is_anew from ' ~ intermediate_table('state_build_status')).rows -%}
    {{ return(not status or status[0][0]) }}
{% endmacro %}
