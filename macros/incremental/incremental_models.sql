{#
    in:  incremental_models()     out: {'kept': [node, …], 'is_whole': true}
#}
{% macro incremental_models() %}
    {%- set kept, left_out = [], [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- if node.unique_id not in selected_resources -%}
            {%- do left_out.append(node.unique_id) -%}
        {%- endif -%}
        {%- if node.config.materialized == 'incremental' -%}
            {%- do kept.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'kept': kept, 'is_whole': not left_out}) }}
{% endmacro %}
