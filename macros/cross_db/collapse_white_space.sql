{#
    DuckDB replaces only the first match unless told 'g'. Redshift's patterns are literals in which escapes between
    brackets are not documented, so there the other characters become spaces first.
    in:  collapse_white_space("'a' || chr(9) || ' b'")     out: a b
    DuckDB replaces only the first match unless told 'g'. Redshift's patterns are literals in which escapes between
    brackets are not documented, so there the other characters become spaces first.
#}
{% macro collapse_white_space(text_value) %}
    {{- return(adapter.dispatch('collapse_white_space', 'franchise_sales')(text_value)) -}}
{% endmacro %}

{% macro default__collapse_white_space(text_value) -%}
    regexp_replace(
        translate({{ text_value }}, chr(9) || chr(10) || chr(11) || chr(12) || chr(13), '     '), ' +', ' '
    )
{%- endmacro %}

{% macro duckdb__collapse_white_space(text_value) -%}
    regexp_replace({{ text_value }}, '[ \t\r\n\f\v]+', ' ', 'g')
{%- endmacro %}
