{#
    A developer's own Redshift target prefixes the profile's schema. All builds share the raw tables; one that awaits
    publication shares the snapshots too.
    in:  generate_schema_name('marts', node)     out: marts, dev_marts on the target redshift_dev, marts_may with suffix may
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set shared = ['raw', 'snapshots'] if var('awaits_publication') else ['raw'] -%}
    {%- if custom_schema_name is none or not var('schema_suffix') or custom_schema_name in shared -%}
        {{ usual_schema_name(custom_schema_name) }}
    {%- else -%}
        {{ usual_schema_name(custom_schema_name) }}_{{ var('schema_suffix') }}
    {%- endif -%}
{%- endmacro %}

{% macro usual_schema_name(custom_schema_name) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.type == 'redshift' and target.name != 'redshift' -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- else -%}
        {{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
