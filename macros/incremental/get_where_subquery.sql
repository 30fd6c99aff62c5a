{#
    What a generic test looks at, by its config `where`; dbt asks. `where: touched` means, in a morning's run, the rows that
    the run has built anew of a model that keeps its rows, and those that have landed since the last run of a staging model;
    in any other run all of them. `touched_anywhere` looks for them on all dates too where a run looks on those that it has
    noted (meta.touched_dates), and so finds a row that it has missed there.
    in:  where: touched on sales_daily     out: (select * from … where business_date in (…)) dbt_subquery
#}
{% macro get_where_subquery(relation) -%}
    {%- set where = config.get('where') -%}
    {%- if where in ['touched', 'touched_anywhere'] -%}
        {%- set where = touched_rows_of(relation, where == 'touched_anywhere') if var('awaits_publication') else none -%}
    {%- endif -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as dbt_subquery' if where else relation) }}
{%- endmacro %}

{% macro touched_rows_of(relation, anywhere) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.alias == relation.identifier -%}
        {%- set meta = node.config.meta -%}
        {{ return(
            new_rows() if node.config.schema == 'staging'
            else touched_rows(node.config.unique_key, meta.touched, none if anywhere else meta.touched_dates)
        ) }}
    {%- endfor -%}
{%- endmacro %}
