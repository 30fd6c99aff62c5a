{#
    It divides by hand, three digits at a time: a million times the dividend may be more than a bigint holds. The
    divisor may be up to 4 x 10^15 and the quotient up to 9 x 10^12. Both must be bigint, so cast a sum first.
    in:  millionths('2', '3')     out: 666667
    It divides by hand, three digits at a time: a million times the dividend may be more than a bigint holds. The
    divisor may be up to 4 x 10^15 and the quotient up to 9 x 10^12. Both must be bigint, so cast a sum first.
#}
{% macro millionths(dividend, divisor) -%}
    {%- set first_rest = 'mod(' ~ dividend ~ ', ' ~ divisor ~ ') * 1000' -%}
    {%- set second_rest = 'mod(' ~ first_rest ~ ', ' ~ divisor ~ ') * 1000' -%}
    {{ integer_divide(dividend, divisor, wide=false) }} * 1000000
    + {{ integer_divide(first_rest, divisor, wide=false) }} * 1000
    + {{ half_up(second_rest, divisor) }}
{%- endmacro %}
