{#
    The first order is the arrival and says nothing about the rate; half an order at everybody's rate stands in for what
    is not known yet.
    in:  purchase_rate('order_count', 'age_days', 'prior_days') with 3, 80, 20     out: 25000
#}
{% macro purchase_rate(order_count, age_days, prior_days) -%}
    {{ half_up('(2 * ' ~ order_count ~ ' - 1) * 1000000', '2 * (' ~ age_days ~ ' + ' ~ prior_days ~ ')') }}
{%- endmacro %}
