{#
    Which rows of a table a run builds anew, by the column that tells them and the table that names them.
    in:  touched_rows('business_date', 'int_touched_dates')     out: business_date in (select business_date from …)
    Month ends follow from all before them: their table names the first one to build anew. Orders lie anywhere in a table of all
    years, and are found without reading it whole where another table names all dates that they have or had.
#}
{% macro touched_rows(key, touched, touched_dates=none) -%}
    {{ key }} {{ '>=' if key == 'month_end_date' else 'in' }} (select {{ key }} from {{ intermediate_table(touched) }})
    {%- if touched_dates %} and business_date in (select business_date from {{ intermediate_table(touched_dates) }}){% endif %}
{%- endmacro %}

{# Which rows of a staging model have landed since the last run that has finished. -#}
{% macro new_rows() -%}
    load_id > (select coalesce(max(last_load_id), 0) from {{ intermediate_table('state_build_status') }})
{%- endmacro %}

{#
    Which rows of a relation a test compares with those that a morning's run has built anew; all of them in any other run.
    in:  touched_in_a_morning('business_date', 'int_touched_dates')     out: business_date in (select …), or 1 = 1
-#}
{% macro touched_in_a_morning(key, touched) -%}
    {{ touched_rows(key, touched) if var('awaits_publication') else '1 = 1' }}
{%- endmacro %}
