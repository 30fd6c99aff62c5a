{#
    in:  cents_as_money('1234')     out: 12.34
#}
{% macro cents_as_money(cents) -%}
    {{ money('(' ~ cents ~ ') * cast(0.01 as decimal(3, 2))') }}
{%- endmacro %}
