{#
    The quotient of two whole numbers that are not negative, rounded once, half up.
    in:  half_up('5', '2')     out: 3
    Twice the dividend must fit a bigint: 4.6 x 10^18.
#}
{% macro half_up(dividend, divisor) -%}
    {{ integer_divide('2 * (' ~ dividend ~ ') + (' ~ divisor ~ ')', '2 * (' ~ divisor ~ ')') }}
{%- endmacro %}
