{#-
    The model has as many rows as another relation, in total or within each group.

    In:  compare_model: ref('fct_orders'), group_by_columns: [business_date]
    Out: one row for each group with both counts; the test fails on the sum of their differences
-#}
{% test equal_rowcount(model, compare_model, group_by_columns=[]) %}

{{ config(fail_calc="sum(coalesce(diff_count, 0))") }}

{#- One constant column gives the full join a key where there is no group. -#}
{%- set keys = ["one_group"] + group_by_columns %}

with
this_side as (
    select {% for column in group_by_columns %}{{ column }}, {% endfor %}1 as one_group, count(*) as count_a
    from {{ model }}
    group by {{ keys | join(", ") }}
),

other_side as (
    select {% for column in group_by_columns %}{{ column }}, {% endfor %}1 as one_group, count(*) as count_b
    from {{ compare_model }}
    group by {{ keys | join(", ") }}
)

select
    {%- for key in keys %}
    this_side.{{ key }} as {{ key }}_a,
    other_side.{{ key }} as {{ key }}_b,
    {%- endfor %}
    coalesce(this_side.count_a, 0) as count_a,
    coalesce(other_side.count_b, 0) as count_b,
    abs(coalesce(this_side.count_a, 0) - coalesce(other_side.count_b, 0)) as diff_count
from this_side
full outer join other_side
    on
        {%- for key in keys %}
        this_side.{{ key }} = other_side.{{ key }}{{ " and" if not loop.last }}
        {%- endfor %}

{% endtest %}
