{#-
    The column adds up to exactly what a column of another relation adds up to; null and no rows count as 0.
    to_column may be any expression (1 counts rows) and is the tested column's name unless given; to_where picks rows
    of the other relation, while the test's own config `where` picks rows of this one.

    In:  sales_daily.order_count    to: ref('fct_orders'), to_column: 1
    Out: nothing when both are 131328; one row (total 131328, expected_total 131330) when they differ
-#}
{% test sums_to(model, column_name, to, to_column=none, to_where=none) %}

with
this_side as (
    select coalesce(sum({{ column_name }}), 0) as total
    from {{ model }}
),

other_side as (
    select coalesce(sum({{ to_column or column_name }}), 0) as total
    from {{ to }}
    {%- if to_where %}
    where {{ to_where }}
    {%- endif %}
)

select
    this_side.total,
    other_side.total as expected_total
from this_side
cross join other_side
where this_side.total <> other_side.total

{% endtest %}
