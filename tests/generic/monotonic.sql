{#-
    As the value rises, the rank never goes the other way, within each partition if there is one. direction says
    which way it may go: increasing (a higher value has a higher score) or decreasing (a higher value has a lower
    rank number). Both may be any expression, so a tier can be tested as a case expression. Rows with a null on
    either side are left out; whether ties share a rank is for ties_share to say.

    In:  value_column: lifetime_revenue, rank_column: clv_rank, direction: decreasing
         rows (30.00, 1), (20.00, 3), (10.00, 2)
    Out: one row (measured_value 10.00, next_value 20.00) for each step that goes the wrong way
-#}
{% test monotonic(model, value_column, rank_column, direction, partition_by=[]) %}

{%- if direction not in ["increasing", "decreasing"] %}
    {{ exceptions.raise_compiler_error(
        "monotonic: direction must be increasing or decreasing; got '" ~ direction ~ "'."
    ) }}
{%- endif %}
{%- set keys = partition_by | join(", ") %}
{%- set over = ("partition by " ~ keys ~ " " if keys else "") ~ "order by measured_value" %}

with
ranked as (
    select
        {{ keys ~ "," if keys }}
        {{ value_column }} as measured_value,
        {{ rank_column }} as measured_rank
    from {{ model }}
),

ranges as (
    select
        {{ keys ~ "," if keys }}
        measured_value,
        min(measured_rank) as lowest_rank,
        max(measured_rank) as highest_rank
    from ranked
    where measured_value is not null and measured_rank is not null
    group by {{ keys ~ ", " if keys }}measured_value
),

steps as (
    select
        {{ keys ~ "," if keys }}
        measured_value,
        lowest_rank,
        highest_rank,
        lead(measured_value) over ({{ over }}) as next_value,
        lead(lowest_rank) over ({{ over }}) as next_lowest_rank,
        lead(highest_rank) over ({{ over }}) as next_highest_rank
    from ranges
)

select *
from steps
where {{ "next_lowest_rank < highest_rank" if direction == "increasing" else "next_highest_rank > lowest_rank" }}

{% endtest %}
