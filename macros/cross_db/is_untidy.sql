{#
    DuckDB can look for a text ten times as fast as it can match a pattern, and nearly all texts are tidy. Redshift
    tidies them all.
    in:  is_untidy("'Club  Sandwich'")     out: true
    DuckDB can look for a text ten times as fast as it can match a pattern, and nearly all texts are tidy. Redshift
    tidies them all.
#}
{% macro is_untidy(text_value) %}
    {{- return(adapter.dispatch('is_untidy', 'franchise_sales')(text_value)) -}}
{% endmacro %}

{% macro default__is_untidy(text_value) -%}
    {{ text_value }} is not null
{%- endmacro %}

{% macro duckdb__is_untidy(text_value) -%}
    (
        {{ text_value }} = ''
        or starts_with({{ text_value }}, ' ')
        or ends_with({{ text_value }}, ' ')
        or contains({{ text_value }}, '  ')
        {%- for code in [9, 10, 11, 12, 13] %}
        or contains({{ text_value }}, chr({{ code }}))
        {%- endfor %}
    )
{%- endmacro %}
