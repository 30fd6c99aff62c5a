{#
    Both are bigint, on both engines: twice the dividend must be under 9.2 x 10^18, or the run stops with an overflow.
    in:  half_up('5', '2')     out: 3
    Both are bigint, on both engines: twice the dividend must be under 9.2 x 10^18, or the run stops with an overflow.
#}
{% macro half_up(dividend, divisor) -%}
    {{ integer_divide('2 * (' ~ dividend ~ ') + (' ~ divisor ~ ')', '2 * (' ~ divisor ~ ')', wide=false) }}
{%- endmacro %}
