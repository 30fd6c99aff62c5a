{#
    ref() would make every model depend on it.
    in:  intermediate_table('int_changed_dates')     out: intermediate.int_changed_dates
#}
{% macro intermediate_table(name) -%}
    {{ return(api.Relation.create(
        database=target.database, schema=generate_schema_name('intermediate', none), identifier=name
    )) }}
{%- endmacro %}
