{#
    in:  missed_band('order_count', 'age_days', 'recency_days', 'prior_days') with 2, 40, 20, 20     out: 4 (1 missed)
#}
{% macro missed_band(order_count, age_days, recency_days, prior_days) -%}
    {%- set missed = missed_orders(order_count, age_days, recency_days, prior_days) -%}
    {{ band('100 * ' ~ missed.dividend, var('expected_value_missed_bands'), scale=100, per=missed.divisor) }}
{%- endmacro %}
