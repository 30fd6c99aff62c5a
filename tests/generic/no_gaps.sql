{#-
    A date column holds every day between its first and its last. Repeated days and nulls pass.

    In:  days 2026-01-01, 2026-01-02, 2026-01-05
    Out: one row (last_day 2026-01-02, next_day 2026-01-05) for each gap
-#}
{% test no_gaps(model, column_name) %}

with
days as (
    select distinct {{ column_name }} as last_day
    from {{ model }}
    where {{ column_name }} is not null
),

steps as (
    select
        last_day,
        lead(last_day) over (order by last_day) as next_day
    from days
)

select
    last_day,
    next_day
from steps
where next_day - last_day > 1

{% endtest %}
