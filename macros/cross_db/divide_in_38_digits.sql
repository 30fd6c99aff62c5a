{#
    in:  divide_in_38_digits('7', '2')     out: 3
    On Redshift the scale of a quotient of such decimals depends on their digits, and so whether it is cut or rounded: a
    quotient that has become too large by rounding is taken down again.
#}
{% macro divide_in_38_digits(dividend, divisor) %}
    {{- return(adapter.dispatch('divide_in_38_digits', 'franchise_sales')(dividend, divisor)) -}}
{% endmacro %}

{% macro default__divide_in_38_digits(dividend, divisor) -%}
    {%- set quotient = 'round(' ~ in_38_digits(dividend) ~ ' / ' ~ in_38_digits(divisor) ~ ', 0)' -%}
    cast(
        {{ quotient }}
        - case when {{ quotient }} * {{ in_38_digits(divisor) }} > {{ in_38_digits(dividend) }} then 1 else 0 end
        as decimal(38, 0)
    )
{%- endmacro %}

{% macro duckdb__divide_in_38_digits(dividend, divisor) -%}
    ({{ in_38_digits(dividend) }} // {{ in_38_digits(divisor) }})
{%- endmacro %}
