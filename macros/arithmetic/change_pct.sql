{#
    in:  change_pct('3', '2')     out: 50.00
    in:  change_pct('3', '0')     out: null
#}
{% macro change_pct(after, before) -%}
    case when {{ before }} > 0 then {{ percentage('(' ~ after ~ ' - ' ~ before ~ ')', before) }} end
{%- endmacro %}
