{#
    What a run refuses before it changes anything, each with what to do instead.
    in:  refuse_changed_definitions(['reporting_currency (was USD, is EUR)'])     out: nothing, or a compiler error
#}
{% macro refuse_changed_definitions(changed) %}
    {%- if changed -%}
        {%- do exceptions.raise_compiler_error(
            'Past figures were built by other definitions; changed since: ' ~ changed | join(', ')
            ~ '. Run once with --full-refresh to compute all of them again, or set the variable schema_suffix to build '
            ~ 'beside them.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{% macro refuse_tests_by_other_definitions() %}
    {%- for row in run_state('definitions') if execute -%}
        {%- do refuse_changed_definitions(changed_definitions(fromjson(row[0]), definitions())) -%}
    {%- endfor -%}
{% endmacro %}

{% macro refuse_part_of_a_full_refresh(is_whole, nothing_is_built) %}
    {%- if not is_whole -%}
        {%- do exceptions.raise_compiler_error(
            ('Nothing is built yet' if nothing_is_built else 'A full refresh of all tables is not finished')
            ~ ': this run must take in all models. Run it without --select and --exclude.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{% macro refuse_unknown_state(state) %}
    {%- if not state -%}
        {%- do exceptions.raise_compiler_error(
            'There are tables here, but no note of the run that built them: a daily run has published since, or an earlier version '
            ~ 'of this project built them. Run once with --full-refresh (make: FULL_REFRESH=1) to compute all of them again.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- Any other table can be built by itself, from tables that hold all of the past. -#}
{% macro refuse_building_alone(nodes) %}
    {%- set names = [] -%}
    {%- for node in nodes -%}
        {%- for parent in node.depends_on.nodes if graph.nodes.get(parent, {}).get('config', {}).get('meta', {}).get('changed_only') -%}
            {%- do names.append(node.name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if names -%}
        {%- do exceptions.raise_compiler_error(
            'These tables are not built yet or to be built from nothing, and follow from tables that hold only what a run '
            ~ 'changes: ' ~ names | unique | sort | join(', ') ~ '. Run --full-refresh once, without --select and --exclude.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- One table can be refreshed by itself where no other one keeps rows that were made from it. -#}
{% macro refuse_dependent_models(selected, kept) %}
    {%- set refreshed = selected | map(attribute='unique_id') | list -%}
    {%- set reached = refreshed | list -%}
    {%- for _ in range(50) -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.unique_id not in reached
            and node.depends_on.nodes | select('in', reached) | list -%}
            {%- do reached.append(node.unique_id) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set left_out = [] -%}
    {%- for node in kept if node.unique_id in reached and node.unique_id not in refreshed -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {%- do refuse_building_alone(selected) -%}
    {%- if left_out -%}
        {%- do exceptions.raise_compiler_error(
            'These tables keep rows that were made from the ones to refresh: ' ~ left_out | sort | join(', ')
            ~ '. Run --full-refresh without --select and --exclude.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- get_relation() would begin a transaction here, and nothing would end it: dbt has not cached this schema. -#}
{% macro refuse_missing_removals() %}
    {%- set removed = source('sales', 'removed_orders') -%}
    {%- if not run_query(
        "select 1 from information_schema.tables where table_schema = '" ~ removed.schema ~ "' and table_name = '"
        ~ removed.identifier ~ "'"
    ).rows -%}
        {%- do exceptions.raise_compiler_error(
            'There is no table raw.removed_orders, as an earlier version of sales-loader loaded the files. The next file that '
            ~ 'lands makes it; so does, run by the user that loads: '
            ~ 'create table raw.removed_orders (load_id bigint, order_id varchar(64))'
        ) -%}
    {%- endif -%}
{% endmacro %}
