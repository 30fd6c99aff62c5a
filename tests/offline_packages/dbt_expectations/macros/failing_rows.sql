{#-
    The statement that most tests of this package share: rows that meet row_condition and for which the expression
    is false. A null expression passes.

    In:  dbt_expectations.failing_rows(model, "a > b", "a is not null")
    Out: select * from <model> where (a is not null) and not (a > b)
-#}
{% macro failing_rows(model, expression, row_condition=none) %}

select *
from {{ model }}
where
    {%- if row_condition %}
    ({{ row_condition }}) and
    {%- endif %}
    not ({{ expression }})

{% endmacro %}
