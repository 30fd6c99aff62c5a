{#-
    Each row is a range from its lower bound up to, not including, its upper bound; within a partition no two
    overlap. A null bound fails: write coalesce(valid_to, <a date beyond all>) for a range that is still open.
    gaps: allowed | not_allowed (each range begins where the one before ends) | required.

    In:  lower_bound_column: valid_from, upper_bound_column: valid_to, partition_by: customer_id, gaps: not_allowed
         rows (1, 3), (2, 4)
    Out: (1, 3), because the next range begins before 3
-#}
{% test mutually_exclusive_ranges(
    model,
    lower_bound_column,
    upper_bound_column,
    partition_by=none,
    gaps="allowed",
    zero_length_range_allowed=false
) %}

{%- set end_to_next_start = {"allowed": "<=", "not_allowed": "=", "required": "<"} %}
{%- if gaps not in end_to_next_start %}
    {{ exceptions.raise_compiler_error(
        "mutually_exclusive_ranges: gaps must be one of allowed, not_allowed, required; got '" ~ gaps ~ "'."
    ) }}
{%- endif %}
{%- set start_to_end = "<=" if zero_length_range_allowed else "<" %}
{%- set partition = "partition by " ~ partition_by if partition_by else "" %}

with
ranges as (
    select
        {%- if partition_by %}
        {{ partition_by }} as partition_by_col,
        {%- endif %}
        {{ lower_bound_column }} as lower_bound,
        {{ upper_bound_column }} as upper_bound,
        lead({{ lower_bound_column }}) over (
            {{ partition }} order by {{ lower_bound_column }}, {{ upper_bound_column }}
        ) as next_lower_bound,
        row_number() over (
            {{ partition }} order by {{ lower_bound_column }} desc, {{ upper_bound_column }} desc
        ) as rank_from_last
    from {{ model }}
)

select *
from ranges
where
    not coalesce(lower_bound {{ start_to_end }} upper_bound, false)
    or not coalesce(upper_bound {{ end_to_next_start[gaps] }} next_lower_bound, rank_from_last = 1)

{% endtest %}
