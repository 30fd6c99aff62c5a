{#-
    Column A is greater than column B in every row (or_equal: true lets them be equal). A null on either side passes.

    In:  column_A: last_order_date, column_B: first_order_date, or_equal: true
    Out: the rows whose last order is before their first
-#}
{% test expect_column_pair_values_A_to_be_greater_than_B(
    model, column_A, column_B, or_equal=false, row_condition=none
) %}

{%- set condition = column_A ~ (" >= " if or_equal else " > ") ~ column_B %}
{{ dbt_expectations.failing_rows(model, condition, row_condition) }}

{% endtest %}
