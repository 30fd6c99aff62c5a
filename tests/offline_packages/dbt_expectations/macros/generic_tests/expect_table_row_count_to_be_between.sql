{#-
    The number of rows of the relation, or of each of its groups, lies between the bounds.

    In:  min_value: 1
    Out: one row with the number found, if there are none
-#}
{% test expect_table_row_count_to_be_between(
    model, min_value=none, max_value=none, group_by=none, row_condition=none, strictly=false
) %}

{%- set condition = dbt_expectations.between_expression("row_count", min_value, max_value, strictly) %}
{{ dbt_expectations.failing_row_counts(model, condition, group_by, row_condition) }}

{% endtest %}
