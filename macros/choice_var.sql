{#
    A variable that takes one of a few values; any other stops the run.
    in:  choice_var('item_price_basis', ['line_total', 'unit'])     out: line_total
#}
{% macro choice_var(name, legal_values) %}
    {%- if var(name) not in legal_values -%}
        {{ exceptions.raise_compiler_error(
            "variable " ~ name ~ " is '" ~ var(name) ~ "'; expected one of: " ~ legal_values | join(', ')
        ) }}
    {%- endif -%}
    {{ return(var(name)) }}
{% endmacro %}
