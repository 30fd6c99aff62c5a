{#
    in:  score_by_cut_points('frequency', 'cut_points')     out: 1, and 1 for each of the four cut points that frequency is above
#}
{% macro score_by_cut_points(value, cut_points) -%}
    cast(
        1
        {%- for fifth in range(1, 5) %}
        + case when {{ value }} > {{ cut_points }}.fifth_{{ fifth }}_cut_point then 1 else 0 end
        {%- endfor %} as bigint
    )
{%- endmacro %}
