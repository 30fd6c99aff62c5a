{#-
    The model has exactly one row for each distinct combination of columns found in another relation, and no other.
    of_columns (expressions, in the order of columns) is columns unless given; of_where picks rows of the other
    relation. Nulls count as equal to each other.

    In:  of: ref('fct_orders'), columns: [business_date, location_id, daypart]
    Out: one row for each combination that is missing, unexpected or repeated, saying which
-#}
{% test row_per(model, of, columns, of_columns=none, of_where=none) %}

{%- set key = columns | join(", ") %}

with
this_side as (
    select {{ key }}, count(*) as row_count
    from {{ model }}
    group by {{ key }}
),

other_side as (
    select distinct
        {%- for column in columns %}
        {{ (of_columns or columns)[loop.index0] }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from {{ of }}
    {%- if of_where %}
    where {{ of_where }}
    {%- endif %}
),

missing as (
    select {{ key }} from other_side
    except
    select {{ key }} from this_side
),

unexpected as (
    select {{ key }} from this_side
    except
    select {{ key }} from other_side
)

select {{ key }}, 'missing' as problem from missing
union all
select {{ key }}, 'unexpected' as problem from unexpected
union all
select {{ key }}, 'repeated' as problem from this_side where row_count > 1

{% endtest %}
