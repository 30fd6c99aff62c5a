{#
    Schemas are named exactly as in dbt_project.yml; a developer's own Redshift target prefixes the profile's schema.
    in:  generate_schema_name('marts', node)     out: marts, or dev_marts on the target redshift_dev
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.type == 'redshift' and target.name != 'redshift' -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- else -%}
        {{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
