{#
    Schemas are named exactly as in dbt_project.yml; a developer's own Redshift target prefixes the profile's schema, and the
    variable schema_suffix sets a build apart from the usual one. The raw tables are shared.
    in:  generate_schema_name('marts', node)     out: marts, dev_marts on the target redshift_dev, marts_may with suffix may
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set suffix = '_' ~ var('schema_suffix') if var('schema_suffix') and custom_schema_name != 'raw' else '' -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.type == 'redshift' and target.name != 'redshift' -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}{{ suffix }}
    {%- else -%}
        {{ custom_schema_name | trim }}{{ suffix }}
    {%- endif -%}
{%- endmacro %}
