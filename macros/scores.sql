{#
    Each value of a column with its score: 1 to 5 by the share of rows that are strictly worse; equal values get equal
    scores. To be joined on the value, as share_bands().
    in:  scores('customers', 'frequency', better='higher')     out: select frequency, 1 + floor(5 x worse / all) as score …
#}
{% macro scores(relation, value, better) -%}
    {%- if better not in ['higher', 'lower'] -%}
        {{ exceptions.raise_compiler_error("scores(): better is '" ~ better ~ "'; expected 'higher' or 'lower'") }}
    {%- endif -%}
    {%- set worst_first = value if better == 'higher' else value ~ ' desc' -%}
    {%- set worse = whole_number('sum(count(*)) over (order by ' ~ worst_first ~ ' rows unbounded preceding) - count(*)') -%}
    select
        {{ value }},
        1 + {{ integer_divide('5 * ' ~ worse, whole_number('sum(count(*)) over ()')) }} as score
    from {{ relation }}
    group by {{ value }}
{%- endmacro %}
