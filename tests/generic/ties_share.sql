{#-
    Rows with an equal value have equal ranks, tiers or scores, within each partition if there is one. Null is a value
    like any other, on both sides.

    In:  value_column: lifetime_revenue, rank_columns: [clv_rank, clv_tier]
         rows (10.00, 1, High), (10.00, 2, High)
    Out: one row (10.00) for each value whose rows differ
-#}
{% test ties_share(model, value_column, rank_columns, partition_by=[]) %}

{%- set group = (partition_by + [value_column]) | join(", ") %}

select {{ group }}
from {{ model }}
group by {{ group }}
having
    {%- for rank in rank_columns %}
    count(distinct {{ rank }}) > 1
    or count({{ rank }}) not in (0, count(*)){{ " or" if not loop.last }}
    {%- endfor %}

{% endtest %}
