{#
    Readers see the old marts until all of the new ones are there. Of tables that keep their rows only what the run has
    changed is copied.
    in:  dbt run-operation publish --vars '{schema_suffix: next, awaits_publication: true}'     out: schema marts is new
#}
{% macro publish() %}
    {%- set status = run_query('select is_full_refresh from ' ~ intermediate_table('run_state')).rows -%}
    {%- set usual_status = intermediate_table('run_state').incorporate(
        path={'schema': usual_schema_name('intermediate')}
    ) -%}
    {#- A build without publication has written the usual marts since: nothing is known of their rows. -#}
    {%- set is_foreign = adapter.get_relation(
        usual_status.database, usual_status.schema, usual_status.identifier
    ) is not none -%}
    {%- set usual_schema = usual_schema_name('marts') -%}
    {%- do adapter.create_schema(api.Relation.create(database=target.database, schema=usual_schema)) -%}
    {%- set statements = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.schema == 'marts' -%}
        {%- set candidate = adapter.get_relation(node.database, node.schema, node.alias) -%}
        {%- set published = adapter.get_relation(node.database, usual_schema, node.alias) -%}
        {%- set target_relation = candidate.incorporate(path={'schema': usual_schema}) -%}
        {%- set meta = node.config.meta -%}
        {%- set changed = changed_rows(node.config.unique_key, meta)
            if meta.changes and not (status[0][0] or is_foreign) else none -%}
        {%- do statements.append(copy_statements(candidate, published, target_relation, changed, node.constraints)) -%}
        {#- dbt has granted the candidate only. -#}
        {%- for privilege, grantees in (node.config.grants or {}).items() -%}
            {%- do statements.append(get_grant_sql(target_relation, privilege, grantees)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- do statements.append(finishing_statement()) -%}
    {%- do statements.append('drop table if exists ' ~ usual_status) -%}
    {%- call statement('publish', auto_begin=true) -%}
        {{ statements | join(';\n') }}
    {%- endcall -%}
    {%- if target.type == 'redshift' -%}
        {%- do write_comments(usual_schema) -%}
    {%- endif -%}
    {%- do adapter.commit() -%}
{% endmacro %}

{% macro copy_statements(candidate, published, target_relation, changed, constraints) %}
    {%- set columns = adapter.get_columns_in_relation(candidate) -%}
    {%- set is_table = published is not none and published.is_table -%}
    {%- set columns_there = adapter.get_columns_in_relation(published) if is_table else [] -%}
    {%- set names = get_quoted_csv(columns | map(attribute='name')) -%}
    {%- set is_alike = names == get_quoted_csv(columns_there | map(attribute='name'))
        and columns | map(attribute='data_type') | list == columns_there | map(attribute='data_type') | list -%}
    {%- set rows = ' where ' ~ changed if changed and is_alike else '' -%}
    {%- if not is_alike -%}
        {%- if published is not none -%}
            drop {{ published.type }} if exists {{ target_relation }}{{ ' cascade' if target.type == 'redshift' }};
        {%- endif %}
        {{ create_table_like(target_relation, candidate, constraints) }};
    {%- else -%}
        delete from {{ target_relation }}{{ rows }};
    {%- endif %}
    insert into {{ target_relation }} ({{ names }}) select {{ names }} from {{ candidate }}{{ rows }}
{%- endmacro %}
