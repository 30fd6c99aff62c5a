{#
    in:  clean_text("'  Club   Sandwich '")     out: Club Sandwich
#}
{% macro clean_text(text_value) -%}
    case
        when {{ is_untidy(text_value) }}
            then nullif(trim(both ' ' from {{ collapse_white_space(text_value) }}), '')
        else {{ text_value }}
    end
{%- endmacro %}
