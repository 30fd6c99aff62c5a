{#
    in:  on-run-start: begin_run()     out: nothing; run_state has one row, is_finished false
#}
{% macro begin_run() %}
    {%- set models = incremental_models() if execute else {'kept': []} -%}
    {%- set selected = models.kept | selectattr('unique_id', 'in', selected_resources) | list -%}
    {%- if flags.WHICH in ['run', 'build'] and selected -%}
        {%- set state = run_state('is_finished, is_full_refresh, definitions') -%}
        {%- set wanted = definitions() -%}
        {%- set missing = missing_models(models.kept) -%}
        {%- set nothing_is_built = missing | length == models.kept | length -%}
        {%- set changed = changed_definitions(fromjson(state[0][2]), wanted) if state else [] -%}
        {%- if nothing_is_built or (state and state[0][1]) or (flags.FULL_REFRESH and models.is_whole)
            or (changed and not is_any_sale_built(missing)) -%}
            {%- do refuse_part_of_a_full_refresh(models.is_whole, nothing_is_built) -%}
            {%- do note_full_refresh(wanted, state) -%}
        {%- else -%}
            {%- do refuse_unknown_state(state) -%}
            {%- do refuse_changed_definitions(changed) -%}
            {%- do refuse_building_alone(missing) -%}
            {%- if flags.FULL_REFRESH -%}
                {%- do refuse_dependent_models(selected, models.kept) -%}
            {%- endif -%}
            {%- do note_begun(state[0][0]) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if flags.WHICH == 'test' and ' test.' in ' ' ~ selected_resources | join(' ') -%}
        {%- do refuse_tests_by_other_definitions() -%}
    {%- endif -%}
{% endmacro %}

{% macro missing_models(kept) %}
    {%- set missing = [] -%}
    {%- for node in kept if adapter.get_relation(node.database, node.schema, node.alias) is none -%}
        {%- do missing.append(node) -%}
    {%- endfor -%}
    {{ return(missing) }}
{% endmacro %}

{#- Where there is none, as with a wrong currency, there are no past figures that another definition could mix with. -#}
{% macro is_any_sale_built(missing) %}
    {%- for node in graph.nodes.values() if node.name == 'fct_order_lines' and node not in missing -%}
        {{ return(run_query('select 1 from ' ~ node.relation_name ~ ' limit 1').rows | length > 0) }}
    {%- endfor -%}
    {{ return(false) }}
{% endmacro %}

{#- First the mark: a full refresh that dies is taken up as one. -#}
{% macro note_full_refresh(wanted, state) %}
    {%- set table = intermediate_table('run_state') -%}
    {#- It can refuse: nothing is written before. -#}
    {%- set latest = latest_change() -%}
    {%- if state -%}
        {%- do run_query(
            'update ' ~ table ~ ' set is_finished = false, is_full_refresh = true, definitions = '
            ~ definitions_literal(wanted) ~ ', seen_load_id = ' ~ latest
        ) -%}
    {%- else -%}
        {%- do run_query(
            'create table if not exists ' ~ table ~ ' (is_finished boolean, is_full_refresh boolean, '
            ~ 'as_of_date date, first_business_date date, built_load_id bigint, seen_load_id bigint, '
            ~ 'definitions varchar(8192))'
        ) -%}
        {%- do run_query(
            'insert into ' ~ table ~ ' (is_finished, is_full_refresh, definitions, seen_load_id) select false, true, '
            ~ definitions_literal(wanted) ~ ', ' ~ latest
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- What a finished run had changed is forgotten; what one that died had changed is refreshed once more. -#}
{% macro note_begun(was_finished) %}
    {%- if was_finished -%}
        {%- do run_query('delete from ' ~ intermediate_table('int_changed_orders')) -%}
    {%- endif -%}
    {%- do run_query(
        'update ' ~ intermediate_table('run_state') ~ ' set is_finished = false, seen_load_id = ' ~ latest_change()
    ) -%}
{% endmacro %}

{% macro latest_change() -%}
    {%- do refuse_missing_removals() -%}
    (
        select coalesce(max(load_id), 0) from (
            select load_id from {{ source('sales', 'load_files') }}
            union all
            select load_id from {{ source('sales', 'removed_orders') }}
        ) as changes
    )
{%- endmacro %}
