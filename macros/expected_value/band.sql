{#
    The value comes in parts of `scale` to the one, and may be a quotient: then `per` is its divisor, and only whole
    numbers are compared.
    in:  band('order_count', [1, 2, 3, 5]) with order_count 4     out: 3
    in:  band('100 * missed', [0, 0.25, 0.5], scale=100, per='expected') with 1 missed of 4 expected     out: 2
#}
{% macro band(value, lower_edges, scale=1, per='1') -%}
    cast(case
        {%- for edge in lower_edges[1:] | reverse %}
        when {{ value }} >= {{ (edge * scale) | round | int }} * ({{ per }}) then {{ loop.revindex + 1 }}
        {%- endfor %}
        when {{ value }} >= 0 then 1
    end as bigint)
{%- endmacro %}
