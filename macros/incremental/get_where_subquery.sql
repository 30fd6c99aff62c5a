{#
    The changed rows of a table that keeps its rows are those that the run has replaced, those of a staging model have
    landed since the last run. In any other run, and in a full refresh, all rows are tested. `changed_anywhere` looks on
    all dates, also where a run looks on those that it has noted (meta.changed_dates), and so finds a row that it has
    missed.
    in:  where: changed on sales_daily     out: (select * from … where business_date in (…)) dbt_subquery
#}
{% macro get_where_subquery(relation) -%}
    {%- set where = config.get('where') -%}
    {%- if where in ['changed', 'changed_anywhere'] -%}
        {%- set where = changed_rows_of(relation, where == 'changed_anywhere') if tests_changed_rows_only() else none -%}
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
    in:  tests_changed_rows_only() in `make build`     out: false
#}
{% macro tests_changed_rows_only() %}
    {{ return(execute and var('awaits_publication') and not is_full_refresh()) }}
{% endmacro %}

{#
    in:  changed_in_a_daily_run('business_date', 'int_changed_dates')     out: business_date in (select …), or true
#}
{% macro changed_in_a_daily_run(key, changes) -%}
    {{ changed_rows(key, {'changes': changes}) if tests_changed_rows_only() else 'true' }}
{%- endmacro %}
