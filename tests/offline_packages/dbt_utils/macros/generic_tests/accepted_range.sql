{#-
    Every value lies between the two bounds; either may be left out, and either may be any SQL expression. Nulls pass.

    In:  min_value: 0, max_value: 100, inclusive: true
    Out: the rows whose value is outside, for example one with 101
-#}
{% test accepted_range(model, column_name, min_value=none, max_value=none, inclusive=true) %}

{%- set or_equal = "=" if inclusive else "" %}

select *
from {{ model }}
where
    1 = 2
    {%- if min_value is not none %}
    or not ({{ column_name }} >{{ or_equal }} {{ min_value }})
    {%- endif %}
    {%- if max_value is not none %}
    or not ({{ column_name }} <{{ or_equal }} {{ max_value }})
    {%- endif %}

{% endtest %}
