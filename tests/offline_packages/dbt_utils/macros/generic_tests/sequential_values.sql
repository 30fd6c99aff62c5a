{#-
    Each value of the column is the one before plus the interval: a number, or so many of datepart. Within each group where
    group_by_columns names some. Nulls and the first value pass, a repeated value fails.

    In:  column day, rows 2026-01-01, 2026-01-02, 2026-01-05
    Out: one row (2026-01-05, previous_value 2026-01-02) for each value that does not follow
-#}
{% test sequential_values(model, column_name, interval=1, datepart=none, group_by_columns=[]) %}

{%- set partition = "partition by " ~ group_by_columns | join(", ") if group_by_columns else "" %}

with
steps as (
    select
        {%- for column in group_by_columns %}
        {{ column }},
        {%- endfor %}
        {{ column_name }} as this_value,
        lag({{ column_name }}) over ({{ partition }} order by {{ column_name }}) as previous_value
    from {{ model }}
)

select *
from steps
where
    {%- if datepart %}
    cast(this_value as timestamp) <> cast({{ dbt.dateadd(datepart, interval, "previous_value") }} as timestamp)
    {%- else %}
    this_value <> previous_value + {{ interval }}
    {%- endif %}

{% endtest %}
