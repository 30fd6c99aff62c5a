{#
    The incremental strategy `untouched`: deletes what does not have a unique_key that the table of meta.untouched names,
    then inserts the model's rows, which are those of keys that are missing. The other way round than `touched`, for
    keys that can stop being asked for.
    in:  unique_key [start_date, half_days], meta.untouched int_untouched_starts     out: delete from … where not exists …; insert …
#}
{% macro get_incremental_untouched_sql(arg_dict) %}
    {%- set columns = get_quoted_csv(arg_dict.dest_columns | map(attribute='name')) -%}
    {%- set target_relation = arg_dict.target_relation -%}
    delete from {{ target_relation }}
    where not exists (
        select 1 from {{ intermediate_table(config.get('meta').untouched) }} as untouched
        where
            {%- for key in arg_dict.unique_key %}
            {{ 'and ' if not loop.first }}untouched.{{ key }} = {{ adapter.quote(target_relation.identifier) }}.{{ key }}
            {%- endfor %}
    );
    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict.temp_relation }}
{% endmacro %}
