{#
    A run of some models only leaves it to the next whole one, a run that waits for publication to publish().
    in:  on-run-end: finish_run(results)     out: nothing; run_state.is_finished is true
#}
{% macro finish_run(results) %}
    {%- if execute and flags.WHICH in ['run', 'build'] and not var('awaits_publication') -%}
        {%- set built = [] -%}
        {%- for result in results if result.node.resource_type == 'model' and result.status == 'success' -%}
            {%- do built.append(result.node.unique_id) -%}
        {%- endfor -%}
        {%- set models = incremental_models() -%}
        {%- if models.is_whole and not models.kept | map(attribute='unique_id') | reject('in', built) | list -%}
            {%- do run_query(finishing_statement()) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro finishing_statement() -%}
    update {{ intermediate_table('run_state') }}
    set
        is_finished = true,
        is_full_refresh = false,
        as_of_date = (select as_of_date from {{ intermediate_table('int_as_of_date') }}),
        first_business_date = (select first_business_date from {{ intermediate_table('int_as_of_date') }}),
        built_load_id = seen_load_id
{%- endmacro %}
