{#
    The models that keep their rows from run to run, and all other models: what a full refresh has to take in.
    in:  incremental_models()     out: {'kept': [node, …], 'all': ['model.franchise_sales.stg_sales__date_dim', …]}
#}
{% macro incremental_models() %}
    {%- set kept, all_models = [], [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
        {%- do all_models.append(node.unique_id) -%}
        {%- if node.config.materialized == 'incremental' -%}
            {%- do kept.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'kept': kept, 'all': all_models}) }}
{% endmacro %}
