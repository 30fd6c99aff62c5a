{#
    Text as people read it: white space trimmed and collapsed, null when nothing is left.
    in:  clean_text("'  Club   Sandwich '")     out: Club Sandwich
#}
{% macro clean_text(text_value) -%}
    nullif(trim(both ' ' from {{ collapse_white_space(text_value) }}), '')
{%- endmacro %}
