{#-
    The number of characters of every value lies between the bounds. Nulls pass.

    In:  min_value: 1, max_value: 64
    Out: the rows whose value is shorter or longer
-#}
{% test expect_column_value_lengths_to_be_between(
    model, column_name, min_value=none, max_value=none, row_condition=none, strictly=false
) %}

{%- set condition = dbt_expectations.between_expression(dbt.length(column_name), min_value, max_value, strictly) %}
{{ dbt_expectations.failing_rows(model, condition, row_condition) }}

{% endtest %}
