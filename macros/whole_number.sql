{#
    A whole number, in the type of every count column.
    in:  whole_number('count(*)')     out: cast(count(*) as bigint)
#}
{% macro whole_number(expression) -%}
    cast({{ expression }} as bigint)
{%- endmacro %}
