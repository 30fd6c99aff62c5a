{#-
    In:  sales_daily.order_count    relation: ref('fct_orders'), relation_column: 1
    Out: nothing when both are 131328; one row (total 131328, expected_total 131330) when they differ
-#}
{% test sum_equals(model, column_name, relation, relation_column=none, relation_where=none) %}

with
this_side as (
    select coalesce(sum({{ column_name }}), 0) as total
    from {{ model }}
),

other_side as (
    select coalesce(sum({{ relation_column or column_name }}), 0) as total
    from {{ relation }}
    {%- if relation_where %}
    where {{ relation_where }}
    {%- endif %}
)

select
    this_side.total,
    other_side.total as expected_total
from this_side
cross join other_side
where this_side.total <> other_side.total

{% endtest %}
