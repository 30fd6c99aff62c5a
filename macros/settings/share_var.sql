{#
    in:  share_var('clv_high_share')     out: cast(0.2 as decimal(18, 4))
#}
{% macro share_var(name) -%}
    cast({{ var(name) }} as decimal(18, 4))
{%- endmacro %}
