{#-
    The relation, or each of its groups, has exactly this many rows.

    In:  value: 2
    Out: one row with the number found, if it is not 2
-#}
{% test expect_table_row_count_to_equal(model, value, group_by=none, row_condition=none) %}

{{ dbt_expectations.failing_row_counts(model, "row_count = " ~ value, group_by, row_condition) }}

{% endtest %}
