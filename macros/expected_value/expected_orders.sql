{#
    The multiple counts quarters of 365 days. Rate times multiple may be up to 1.2 x 10^16.
    in:  expected_orders('purchase_rate', 'value_multiple') with 20000 and 500000     out: 912500
#}
{% macro expected_orders(purchase_rate, value_multiple) -%}
    {{ half_up(purchase_rate ~ ' * 365 * ' ~ value_multiple, '4000000') }}
{%- endmacro %}
