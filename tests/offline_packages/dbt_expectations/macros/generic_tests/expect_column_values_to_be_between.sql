{#-
    Every value lies between the bounds (strictly: true leaves the bounds themselves out). Nulls pass.

    In:  min_value: 1, max_value: 5
    Out: the rows outside, for example one with 6
-#}
{% test expect_column_values_to_be_between(
    model, column_name, min_value=none, max_value=none, row_condition=none, strictly=false
) %}

{%- set condition = dbt_expectations.between_expression(column_name, min_value, max_value, strictly) %}
{{ dbt_expectations.failing_rows(model, condition, row_condition) }}

{% endtest %}
