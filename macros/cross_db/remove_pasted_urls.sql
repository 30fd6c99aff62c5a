{#
    DuckDB wants the flags as one text; Redshift wants a start position before them and always replaces all.
    in:  remove_pasted_urls("'Drip Chttps://x.y/z#offee'")     out: Drip Coffee
    DuckDB wants the flags as one text; Redshift wants a start position before them and always replaces all.
#}
{% macro remove_pasted_urls(text_value) %}
    {{- return(adapter.dispatch('remove_pasted_urls', 'franchise_sales')(text_value)) -}}
{% endmacro %}

{% macro default__remove_pasted_urls(text_value) -%}
    regexp_replace({{ text_value }}, 'https?://[^#]*#', '', 1, 'i')
{%- endmacro %}

{% macro duckdb__remove_pasted_urls(text_value) -%}
    regexp_replace({{ text_value }}, 'https?://[^#]*#', '', 'gi')
{%- endmacro %}
