{#
    in:  percentage('1', '3')     out: 33.33
#}
{% macro percentage(part, whole) -%}
    cast(
        {{ rounded_quotient('(10000 * ' ~ hundredths(part) ~ ')', hundredths(whole)) }}
        * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
    )
{%- endmacro %}
