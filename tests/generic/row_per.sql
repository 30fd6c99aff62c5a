{#-
    The model has exactly one row for each distinct combination of columns found in another relation, and no other: its
    key is tested with it. of_columns (expressions, in the order of columns) is columns unless given; of_where picks rows
    of the other relation. Nulls count as equal to each other.

    In:  of: ref('fct_orders'), columns: [business_date, location_id, daypart]
    Out: one row for each combination that is missing, unexpected or repeated, with how often it is on either side
-#}
{% test row_per(model, of, columns, of_columns=none, of_where=none) %}

{%- set key = columns | join(", ") %}

with
both_sides as (
    select {{ key }}, 1 as row_here, 0 as row_there
    from {{ model }}

    union all

    select
        {%- for column in columns %}
        {{ (of_columns or columns)[loop.index0] }} as {{ column }},
        {%- endfor %}
        0 as row_here,
        1 as row_there
    from {{ of }}
    {%- if of_where %}
    where {{ of_where }}
    {%- endif %}
)

select {{ key }}, sum(row_here) as rows_here, sum(row_there) as rows_there
from both_sides
group by {{ key }}
having sum(row_here) <> 1 or sum(row_there) = 0

{% endtest %}
