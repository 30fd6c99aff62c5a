{#-
    The key of the model is tested with it. Nulls count as equal to each other.

    In:  relation: ref('fct_orders'), columns: [business_date, location_id, daypart]
    Out: one row for each combination that is missing, unexpected or repeated, with how often it is on either side
-#}
{% test same_grain_as(model, relation, columns, relation_columns=none, relation_where=none) %}

{%- set key = columns | join(", ") %}

with
both_sides as (
    select {{ key }}, 1 as row_here, 0 as row_there
    from {{ model }}

    union all

    select
        {%- for column in columns %}
        {{ (relation_columns or columns)[loop.index0] }} as {{ column }},
        {%- endfor %}
        0 as row_here,
        1 as row_there
    from {{ relation }}
    {%- if relation_where %}
    where {{ relation_where }}
    {%- endif %}
)

select {{ key }}, sum(row_here) as rows_here, sum(row_there) as rows_there
from both_sides
group by {{ key }}
having sum(row_here) <> 1 or sum(row_there) = 0

{% endtest %}
