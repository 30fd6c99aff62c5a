{#
    What scores() gives a value, the higher the better, by the values at which a fifth of all customers ends.
    in:  score_by_edges('frequency', 'edges')     out: 1, and 1 for each of the four edges that frequency is above
#}
{% macro score_by_edges(value, edges) -%}
    cast(
        1
        {%- for fifth in range(1, 5) %}
        + case when {{ value }} > {{ edges }}.fifth_{{ fifth }}_edge then 1 else 0 end
        {%- endfor %} as bigint
    )
{%- endmacro %}
