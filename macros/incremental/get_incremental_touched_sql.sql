{#
    The incremental strategy `touched`: deletes what the table that meta.touched names holds of the unique_key, then inserts
    the model's rows. Unlike delete+insert it also deletes what no new row comes in place of. meta.touched_dates names the dates
    to look at for keys that are no dates; it has to be written before the first row of such a date is.
    in:  unique_key business_date, meta.touched int_touched_dates     out: delete from … where business_date in (…); insert …
#}
{% macro get_incremental_touched_sql(arg_dict) %}
    {%- set meta = config.get('meta') -%}
    {%- set columns = get_quoted_csv(arg_dict.dest_columns | map(attribute='name')) -%}
    delete from {{ arg_dict.target_relation }}
    where {{ touched_rows(arg_dict.unique_key, meta.touched, meta.touched_dates) }};
    insert into {{ arg_dict.target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{% endmacro %}
