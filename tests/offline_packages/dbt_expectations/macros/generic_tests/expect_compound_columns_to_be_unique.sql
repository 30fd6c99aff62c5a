{#-
    No two rows share the same values in all the given columns. ignore_row_if says which rows with nulls are left
    out: all_values_are_missing | any_value_is_missing.

    In:  column_list: [customer_id, valid_from]
    Out: one row for each repeated combination, with its number of rows
-#}
{% test expect_compound_columns_to_be_unique(
    model, column_list, quote_columns=false, ignore_row_if="all_values_are_missing", row_condition=none
) %}

{%- set joiners = {"all_values_are_missing": " and ", "any_value_is_missing": " or "} %}
{%- if ignore_row_if not in joiners %}
    {{ exceptions.raise_compiler_error(
        "expect_compound_columns_to_be_unique: ignore_row_if must be one of all_values_are_missing, "
        ~ "any_value_is_missing; got '" ~ ignore_row_if ~ "'."
    ) }}
{%- endif %}
{%- set columns = [] %}
{%- set missing = [] %}
{%- for column in column_list %}
    {%- set name = adapter.quote(column) if quote_columns else column %}
    {%- do columns.append(name) %}
    {%- do missing.append(name ~ " is null") %}
{%- endfor %}

select {{ columns | join(", ") }}, count(*) as n_records
from {{ model }}
where
    {%- if row_condition %}
    ({{ row_condition }}) and
    {%- endif %}
    not ({{ missing | join(joiners[ignore_row_if]) }})
group by {{ columns | join(", ") }}
having count(*) > 1

{% endtest %}
