{#-
    The pattern is found in every value: write ^ and $ to match the whole of it. Nulls pass.
    is_raw is accepted for the sake of other engines and changes nothing on the ones used here.

    In:  regex: "^[1-5]{3}$"
    Out: the rows that do not match, for example one with 46
-#}
{% test expect_column_values_to_match_regex(
    model, column_name, regex, row_condition=none, is_raw=false, flags=""
) %}

{%- set condition = dbt_expectations.matches_regex(column_name, regex, flags) %}
{{ dbt_expectations.failing_rows(model, condition, row_condition) }}

{% endtest %}
