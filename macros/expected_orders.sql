{#
    Orders to expect, in millionths: a pace in millionths of an order a day over a quarter of 365 days, times a worth in
    millionths of such quarters. Pace times worth may be up to 1.2 x 10^16.
    in:  expected_orders('pace', 'worth') with 20000 and 500000     out: 912500
#}
{% macro expected_orders(pace, worth) -%}
    {{ half_up(pace ~ ' * 365 * ' ~ worth, '4000000') }}
{%- endmacro %}
