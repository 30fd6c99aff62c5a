{#
    in:  millionths_as_decimal('666667')     out: 0.6667
#}
{% macro millionths_as_decimal(number) -%}
    cast({{ half_up(number, '100') }} * cast(0.0001 as decimal(5, 4)) as decimal(18, 4))
{%- endmacro %}
