{#
    To be joined on the value, as share_bands().
    in:  scores('customers', 'frequency', better='higher')     out: select frequency, 1 + floor(5 x worse / all) as score …
#}
{% macro scores(relation, value, better) -%}
    {%- if better not in ['higher', 'lower'] -%}
        {{ exceptions.raise_compiler_error("scores(): better is '" ~ better ~ "'; expected 'higher' or 'lower'") }}
    {%- endif -%}
    {%- set worst_first = value if better == 'higher' else value ~ ' desc' -%}
    {%- set worse_or_equal = 'sum(count(*)) over (order by ' ~ worst_first ~ ' rows unbounded preceding)' -%}
    {%- set worse = 'cast(' ~ worse_or_equal ~ ' - count(*) as bigint)' -%}
    select
        {{ value }},
        1 + {{ integer_divide('5 * ' ~ worse, 'cast(sum(count(*)) over () as bigint)') }} as score
    from {{ relation }}
    group by {{ value }}
{%- endmacro %}
