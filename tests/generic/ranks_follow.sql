{#-
    Where a direction is given, rows with a null on either side are left out; of ties, null is a value like any other.

    In:  rules: [{value: lifetime_revenue, rank: clv_rank, direction: decreasing}]
         rows (30.00, 1), (20.00, 3), (10.00, 2)
    Out: one row for each value that breaks a rule, with the rule, its ranks and those of the next higher value:
         ('clv_rank falls as lifetime_revenue rises', '10.00', 2, 2, '20.00', 3, 3)
-#}
{% test ranks_follow(model, rules, partition_by=[]) %}

{%- set keys = partition_by | join(", ") %}
{%- set keys = keys ~ "," if keys else "" %}
{%- for rule in rules %}
    {%- if rule.get("direction") not in [none, "increasing", "decreasing"] %}
        {{ exceptions.raise_compiler_error(
            "ranks_follow: direction must be increasing or decreasing; got '" ~ rule.get("direction") ~ "'."
        ) }}
    {%- elif rule.get("ties", "share") not in ["share", "differ"] %}
        {{ exceptions.raise_compiler_error("ranks_follow: ties must be share or differ; got '" ~ rule.get("ties") ~ "'.") }}
    {%- elif rule.get("ties") == "differ" and not rule.get("direction") %}
        {{ exceptions.raise_compiler_error("ranks_follow: where ties differ, a direction is needed.") }}
    {%- endif %}
{%- endfor %}

with
{%- for rule in rules %}
values_{{ loop.index }} as (
    select
        {{ keys }}
        {{ rule.value }} as measured_value,
        min({{ rank_number(rule) }}) as lowest_rank,
        max({{ rank_number(rule) }}) as highest_rank,
        count(*) as row_count,
        count({{ rank_number(rule) }}) as rank_count
        {%- if rule.get("ties") == "differ" %},
        count(distinct {{ rank_number(rule) }}) as different_ranks
        {%- endif %}
    from {{ model }}
    group by {{ keys }} {{ rule.value }}
),

broken_{{ loop.index }} as (
    select
        '{{ described_ties(rule) | replace("'", "''") }}' as failed_rule,
        {{ keys }}
        cast(measured_value as varchar(64)) as measured_value,
        lowest_rank,
        highest_rank,
        cast(null as varchar(64)) as next_value,
        lowest_rank as next_lowest_rank,
        highest_rank as next_highest_rank
    from values_{{ loop.index }}
    where {{ "different_ranks < rank_count" if rule.get("ties") == "differ"
        else "lowest_rank < highest_rank or rank_count not in (0, row_count)" }}
),
{%- if rule.get("direction") %}
{%- set over = ("partition by " ~ partition_by | join(", ") ~ " " if partition_by else "") ~ "order by measured_value" %}

steps_{{ loop.index }} as (
    select
        '{{ described_direction(rule) | replace("'", "''") }}' as failed_rule,
        {{ keys }}
        cast(measured_value as varchar(64)) as measured_value,
        lowest_rank,
        highest_rank,
        cast(lead(measured_value) over ({{ over }}) as varchar(64)) as next_value,
        lead(lowest_rank) over ({{ over }}) as next_lowest_rank,
        lead(highest_rank) over ({{ over }}) as next_highest_rank
    from values_{{ loop.index }}
    where measured_value is not null and rank_count > 0
),
{%- endif %}
{% endfor %}
findings as (
    {%- for rule in rules %}
    select * from broken_{{ loop.index }}
    {%- if rule.get("direction") %}

    union all

    select * from steps_{{ loop.index }}
    where
        {%- if rule.direction == "increasing" %}
        next_lowest_rank {{ "<=" if rule.get("ties") == "differ" else "<" }} highest_rank
        {%- else %}
        next_highest_rank {{ ">=" if rule.get("ties") == "differ" else ">" }} lowest_rank
        {%- endif %}
    {%- endif %}
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select * from findings

{% endtest %}

{#-
    A rank as a number; of a tier, its place in the order.
    In:  {rank: clv_tier, order: [Low, High]}     Out: case clv_tier when 'Low' then 1 when 'High' then 2 end
-#}
{% macro rank_number(rule) -%}
    {%- if not rule.get("order") -%}
        {{ rule.rank }}
    {%- else -%}
        case {{ rule.rank }}{% for name in rule.order %} when '{{ name }}' then {{ loop.index }}{% endfor %} end
    {%- endif -%}
{%- endmacro %}

{#- What a rule says of equal values, for whoever reads the rows that break it. -#}
{% macro described_ties(rule) -%}
    {{ rule.rank }} {{ "is there once for each row" if rule.get("ties") == "differ" else "is equal where " ~ rule.value ~ " is" }}
{%- endmacro %}

{#- What a rule says of rising values. -#}
{% macro described_direction(rule) -%}
    {{ rule.rank }} {{ "rises" if rule.direction == "increasing" else "falls" }} as {{ rule.value }} rises
{%- endmacro %}
