{#
    Unlike delete+insert it also deletes what no new row comes in place of.
    in:  unique_key business_date, meta.changes int_changed_dates     out: delete from … where business_date in (…); insert …
#}
{% macro get_incremental_replace_changed_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict.dest_columns | map(attribute='name')) -%}
    delete from {{ arg_dict.target_relation }}
    where {{ changed_rows(arg_dict.unique_key, config.get('meta')) }};
    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{% endmacro %}
