{#
    Before the first model of a run: refuses to mix two definitions or to refresh half of the tables, and notes that a
    run has begun and which loads it sees. A run that did not finish is taken up again: what it was about to rebuild is
    still noted. Data tests by themselves are refused too where the tables were built by other definitions than the
    tests would hold them to.
    in:  on-run-start: begin_build()     out: nothing; build_status has one row, is_finished false
#}
{% macro begin_build() %}
    {%- set models = incremental_models() if execute else {'kept': [], 'all': []} -%}
    {%- set is_concerned = models.kept | map(attribute='unique_id') | select('in', selected_resources) | list -%}
    {%- if flags.WHICH in ['run', 'build'] and is_concerned -%}
        {%- do create_build_state() -%}
        {%- set wanted = definitions() -%}
        {%- set status = run_query('select is_finished, is_anew, definitions, last_load_id from ' ~ intermediate_table('state_build_status')).rows -%}
        {%- set missing = missing_models(models.kept) -%}
        {%- set changed = changed_definitions(fromjson(status[0][2]), wanted) if status else [] -%}
        {%- set is_anew = flags.FULL_REFRESH or missing or not status or status[0][1] or changed and not is_any_sale_built() -%}
        {%- set is_whole = not models.all | reject('in', selected_resources) | list -%}
        {%- if is_anew and not is_whole -%}
            {%- do refuse_half_refresh(missing) -%}
        {%- endif -%}
        {%- if is_anew -%}
            {%- do note_anew(wanted, status[0][3] if status else none) -%}
        {%- else -%}
            {%- do refuse_changed_definitions(changed) -%}
            {%- if is_whole -%}
                {%- do note_begun(status[0][0]) -%}
            {%- endif -%}
        {%- endif -%}
        {%- do note_loads() -%}
    {%- endif -%}
    {%- if flags.WHICH == 'test' and ' test.' in ' ' ~ selected_resources | join(' ') -%}
        {%- do refuse_tests_by_other_definitions() -%}
    {%- endif -%}
{% endmacro %}

{% macro refuse_tests_by_other_definitions() %}
    {%- set state = intermediate_table('state_build_status') -%}
    {%- if execute and adapter.get_relation(state.database, state.schema, state.identifier) is not none -%}
        {%- for row in run_query('select definitions from ' ~ state).rows -%}
            {%- do refuse_changed_definitions(changed_definitions(fromjson(row[0]), definitions())) -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}

{% macro create_build_state() %}
    {%- do run_query(
        'create table if not exists ' ~ intermediate_table('state_order_loads') ~ ' (order_id varchar(64), load_id bigint, '
        ~ 'business_date date, customer_id varchar(64), ordered_at_utc timestamp)'
    ) -%}
    {%- do run_query(
        'create table if not exists ' ~ intermediate_table('state_build_status') ~ ' (is_finished boolean, is_anew boolean, '
        ~ 'as_of_date date, last_load_id bigint, definitions varchar(8192))'
    ) -%}
    {%- do run_query('create table if not exists ' ~ intermediate_table('state_loads_seen') ~ ' (last_load_id bigint)') -%}
{% endmacro %}

{% macro missing_models(kept) %}
    {%- set missing = [] -%}
    {%- for node in kept -%}
        {%- if adapter.get_relation(node.database, node.schema, node.alias) is none -%}
            {%- do missing.append(node.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(missing) }}
{% endmacro %}

{% macro refuse_half_refresh(missing) %}
    {%- set reason = 'these tables are not built yet: ' ~ missing | sort | join(', ') if missing
        else 'it rebuilds tables that were built from each other' -%}
    {%- do exceptions.raise_compiler_error(
        'This run must take in all models, as ' ~ reason ~ '. Run it without --select and --exclude.'
    ) -%}
{% endmacro %}

{#- Where there is none, as with a wrong currency, there are no past figures that another definition could mix with. -#}
{% macro is_any_sale_built() %}
    {{ return(run_query('select 1 from ' ~ intermediate_table('int_order_lines') ~ " where line_kind = 'sale' limit 1").rows | length > 0) }}
{% endmacro %}

{% macro changed_definitions(built, wanted) %}
    {%- set changed = [] -%}
    {%- for name, value in wanted.items() if built.get(name) != value -%}
        {%- do changed.append(name ~ (
            ' (its content)' if name.startswith('seeds/') else '' if '/' in name else ' (was ' ~ built.get(name) ~ ', is ' ~ value ~ ')'
        )) -%}
    {%- endfor -%}
    {{ return(changed) }}
{% endmacro %}

{% macro refuse_changed_definitions(changed) %}
    {%- if changed -%}
        {%- do exceptions.raise_compiler_error(
            'Past figures were built by other definitions; changed since: ' ~ changed | join(', ')
            ~ '. Run once with --full-refresh to compute all of them anew, or set the variable schema_suffix to build '
            ~ 'beside them.'
        ) -%}
    {%- endif -%}
{% endmacro %}

{#- First the mark, then the memory: killed in between, the next run starts anew too. -#}
{% macro note_anew(wanted, last_load_id) %}
    {%- do run_query('delete from ' ~ intermediate_table('state_build_status')) -%}
    {%- do run_query(
        'insert into ' ~ intermediate_table('state_build_status') ~ ' (is_finished, is_anew, last_load_id, definitions) values (false, true, '
        ~ (last_load_id if last_load_id is not none else 'null') ~ ', ' ~ definitions_literal(wanted) ~ ')'
    ) -%}
    {%- do run_query('delete from ' ~ intermediate_table('state_order_loads')) -%}
{% endmacro %}

{#- A load that lands from now on is left to the next run, which judges and tests it. -#}
{% macro note_loads() %}
    {%- do run_query('delete from ' ~ intermediate_table('state_loads_seen')) -%}
    {%- do run_query(
        'insert into ' ~ intermediate_table('state_loads_seen') ~ ' select coalesce(max(load_id), 0) from '
        ~ source('sales', 'load_files')
    ) -%}
{% endmacro %}

{#- What a finished run had rebuilt is forgotten; killed in between, there is nothing to forget the next time. -#}
{% macro note_begun(was_finished) %}
    {%- if was_finished -%}
        {%- for name in ['int_touched_orders', 'int_touched_dates', 'int_touched_customers'] -%}
            {%- do run_query('delete from ' ~ intermediate_table(name)) -%}
        {%- endfor -%}
        {%- do run_query('update ' ~ intermediate_table('state_build_status') ~ ' set is_finished = false') -%}
    {%- endif -%}
{% endmacro %}
