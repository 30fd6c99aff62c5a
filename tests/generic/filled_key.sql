{#-
    For tables without a contract that refuses nulls.

    In:  columns: [order_id, lineitem_id]     rows (1, a), (1, a), (2, null)
    Out: one row for each key that is repeated or incomplete, with how many rows have it and lack a column of also_filled
-#}
{% test filled_key(model, columns, also_filled=[]) %}

{%- set key = columns | join(", ") %}
{%- set missing -%}
    sum(case when {% for column in also_filled %}{{ column }} is null{{ " or " if not loop.last }}{% endfor %} then 1 else 0 end)
{%- endset %}

select
    {{ key }},
    count(*) as row_count
    {%- if also_filled %},
    {{ missing }} as rows_without_{{ also_filled | join("_or_") }}
    {%- endif %}
from {{ model }}
group by {{ key }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
    {%- if also_filled %}
    or {{ missing }} > 0
    {%- endif %}

{% endtest %}
