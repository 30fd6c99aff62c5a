{#-
    No two rows share the same values in all the given columns; nulls count as equal to each other.

    In:  combination_of_columns: [order_id, lineitem_id]
    Out: one row for each repeated combination
-#}
{% test unique_combination_of_columns(model, combination_of_columns, quote_columns=false) %}

{%- set key -%}
    {%- for column in combination_of_columns -%}
        {{ adapter.quote(column) if quote_columns else column }}{{ ", " if not loop.last }}
    {%- endfor -%}
{%- endset %}

select {{ key }}
from {{ model }}
group by {{ key }}
having count(*) > 1

{% endtest %}
