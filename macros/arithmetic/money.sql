{#
    in:  money('sum(net_revenue)')     out: cast(sum(net_revenue) as decimal(18,2))
#}
{% macro money(expression) -%}
    cast({{ expression }} as decimal(18, 2))
{%- endmacro %}
