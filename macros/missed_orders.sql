{#
    Orders that a customer has missed since the last one at the pace they kept until then: their orders so far times
    the days since the last, over the days from the first to the last and half an order's days more. A dividend and a
    divisor, for a band or a quotient.
    in:  missed_orders('order_count', 'age_days', 'recency_days', 'half_days').dividend     out: order_count * recency_days
#}
{% macro missed_orders(order_count, age_days, recency_days, half_days) %}
    {{- return({
        'dividend': order_count ~ ' * ' ~ recency_days,
        'divisor': age_days ~ ' - ' ~ recency_days ~ ' + ' ~ half_days
    }) -}}
{% endmacro %}
