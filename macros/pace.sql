{#
    A customer's own pace in millionths of an order a day. The first order is the arrival and no evidence of pace; half
    an order at everybody's pace stands in for what is not known yet.
    in:  pace('order_count', 'age_days', 'half_days') with 3, 80, 20     out: 25000
#}
{% macro pace(order_count, age_days, half_days) -%}
    {{ half_up('(2 * ' ~ order_count ~ ' - 1) * 1000000', '2 * (' ~ age_days ~ ' + ' ~ half_days ~ ')') }}
{%- endmacro %}
