{#-
    The expression is not false for any row; a row whose expression is null passes.
    On a column, the expression follows the column's name.

    In:  expression: "gross_revenue - discount_amount = net_revenue"      (on a model)
         expression: ">= 0"                                               (on a column)
    Out: one row for each row for which it is false
-#}
{% test expression_is_true(model, expression, column_name=none) %}

select {{ "*" if should_store_failures() else "1 as failing_row" }}
from {{ model }}
where not ({{ column_name ~ " " if column_name }}{{ expression }})

{% endtest %}
