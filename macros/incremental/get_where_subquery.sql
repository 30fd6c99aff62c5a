{#
    What a generic test looks at, by its config `where`; dbt asks. `where: changed` means, in a daily run, the rows that the
    run has replaced of a table that keeps its rows, and those that have landed since the last run of a staging model; in
    any other run, and in a full refresh, all of them. `changed_anywhere` looks for them on all dates too where a run looks
    on those that it has noted (meta.changed_dates), and so finds a row that it has missed there.
    in:  where: changed on sales_daily     out: (select * from … where business_date in (…)) dbt_subquery
#}
{% macro get_where_subquery(relation) -%}
    {%- set where = config.get('where') -%}
    {%- if where in ['changed', 'changed_anywhere'] -%}
        {%- set where = changed_rows_of(relation, where == 'changed_anywhere') if looks_at_changes() else none -%}
    {%- endif -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as dbt_subquery' if where else relation) }}
{%- endmacro %}

{% macro changed_rows_of(relation, anywhere) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.alias == relation.identifier -%}
        {%- set meta = node.config.meta -%}
        {{ return(
            new_rows() if node.config.schema == 'staging'
            else changed_rows(node.config.unique_key, meta, anywhere)
        ) }}
    {%- endfor -%}
{%- endmacro %}

{#
    Whether tests look at changed rows only: in a daily run that is no full refresh.
    in:  looks_at_changes() in `make build`     out: false
#}
{% macro looks_at_changes() %}
    {{ return(execute and var('awaits_publication') and not is_full_refresh()) }}
{% endmacro %}

{#
    Which rows of a relation a test compares with those of another one that have changed; all of them in any other run.
    in:  changed_in_a_daily_run('business_date', 'int_changed_dates')     out: business_date in (select …), or true
-#}
{% macro changed_in_a_daily_run(key, changes) -%}
    {{ changed_rows(key, {'changes': changes}) if looks_at_changes() else 'true' }}
{%- endmacro %}
