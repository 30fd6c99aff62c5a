{#
    1 to 5 by the share of customers who are strictly worse; equal values get equal scores.
    in:  score('frequency', better='higher')     out: 1 + floor(5 x worse / all)
#}
{% macro score(value, better) -%}
    {%- if better not in ['higher', 'lower'] -%}
        {{ exceptions.raise_compiler_error("score(): better is '" ~ better ~ "'; expected 'higher' or 'lower'") }}
    {%- endif -%}
    {%- set worst_first = value if better == 'higher' else value ~ ' desc' -%}
    1 + {{ integer_divide('5 * (rank() over (order by ' ~ worst_first ~ ') - 1)', 'count(*) over ()') }}
{%- endmacro %}
