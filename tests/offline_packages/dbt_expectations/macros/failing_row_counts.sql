{#-
    The number of rows of a relation, in total or within each group, where it breaks the condition on row_count.

    In:  dbt_expectations.failing_row_counts(model, "row_count = 2", group_by=["is_discounted"])
    Out: one row for each value of is_discounted that does not have two rows
-#}
{% macro failing_row_counts(model, condition, group_by=none, row_condition=none) %}

{%- set groups = (group_by or []) | join(", ") %}

with
counts as (
    select {{ groups ~ ", " if groups }}count(*) as row_count
    from {{ model }}
    {%- if row_condition %}
    where {{ row_condition }}
    {%- endif %}
    {%- if groups %}
    group by {{ groups }}
    {%- endif %}
)

select *
from counts
where not ({{ condition }})

{% endmacro %}
