{#-
    SQL for "the value lies between the bounds"; either bound may be left out, not both.

    In:  dbt_expectations.between_expression("price", 0, 10, strictly=true)
    Out: price > 0 and price < 10
-#}
{% macro between_expression(value, min_value, max_value, strictly) %}

{%- if min_value is none and max_value is none %}
    {{ exceptions.raise_compiler_error("A test named …_to_be_between needs a min_value, a max_value or both.") }}
{%- endif %}
{%- set or_equal = "" if strictly else "=" %}
{%- if min_value is not none %}{{ value }} >{{ or_equal }} {{ min_value }}{% endif %}
{%- if min_value is not none and max_value is not none %} and {% endif %}
{%- if max_value is not none %}{{ value }} <{{ or_equal }} {{ max_value }}{% endif %}

{% endmacro %}
