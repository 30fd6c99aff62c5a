{#
    Only what is not there or reads otherwise: each comment is a statement of its own.
    in:  write_comments('marts')     out: nothing; comment on table marts.dim_dates is …
#}
{% macro write_comments(schema) %}
    {%- set there = {} -%}
    {%- for row in run_query(
        'select c.relname, a.attname, d.description from pg_catalog.pg_description as d '
        ~ 'inner join pg_catalog.pg_class as c on d.objoid = c.oid '
        ~ 'inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid '
        ~ 'left join pg_catalog.pg_attribute as a on d.objoid = a.attrelid and d.objsubid = a.attnum '
        ~ "where n.nspname = '" ~ schema ~ "'"
    ).rows -%}
        {%- do there.update({(row[0], row[1]): row[2]}) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.schema == 'marts' -%}
        {%- set relation = api.Relation.create(database=target.database, schema=schema, identifier=node.alias) -%}
        {%- set wanted = {(node.alias, none): node.description} -%}
        {%- for column in node.columns.values() -%}
            {%- do wanted.update({(node.alias, column.name): column.description}) -%}
        {%- endfor -%}
        {%- for key, text in wanted.items() if text and there.get(key) != text -%}
            {%- set subject = 'column ' ~ relation ~ '.' ~ adapter.quote(key[1]) if key[1] else 'table ' ~ relation -%}
            {%- do run_query('comment on ' ~ subject ~ ' is $comment$' ~ text ~ '$comment$') -%}
        {%- endfor -%}
    {%- endfor -%}
{% endmacro %}
