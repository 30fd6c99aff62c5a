{#
    Their orders so far times the days since the last, over the days from the first to the last and the prior days more.
    in:  missed_orders('order_count', 'age_days', 'recency_days', 'prior_days').dividend     out: order_count * recency_days
#}
{% macro missed_orders(order_count, age_days, recency_days, prior_days) %}
    {{- return({
        'dividend': order_count ~ ' * ' ~ recency_days,
        'divisor': age_days ~ ' - ' ~ recency_days ~ ' + ' ~ prior_days
    }) -}}
{% endmacro %}
