{#
    To be joined on the value, as share_bands().
    in:  scores('orders_in_window', 'frequency')     out: select frequency, 1 + floor(5 x worse / all) as score …
#}
{% macro scores(relation, value) -%}
    {%- set worse_or_equal = 'sum(count(*)) over (order by ' ~ value ~ ' rows unbounded preceding)' -%}
    {%- set worse = 'cast(' ~ worse_or_equal ~ ' - count(*) as bigint)' -%}
    select
        {{ value }},
        1 + {{ integer_divide('5 * ' ~ worse, 'cast(sum(count(*)) over () as bigint)') }} as score
    from {{ relation }}
    group by {{ value }}
{%- endmacro %}
