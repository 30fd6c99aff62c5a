{#
    Which rows of a table a run builds anew, by the column that tells them and the table that names them.
    in:  touched_rows('business_date', 'int_touched_dates')     out: business_date in (select business_date from …)
    Month ends follow from all before them: their table names the first one to build anew.
#}
{% macro touched_rows(key, touched) -%}
    {{ key }} {{ '>=' if key == 'month_end_date' else 'in' }} (select {{ key }} from {{ intermediate_table(touched) }})
{%- endmacro %}
