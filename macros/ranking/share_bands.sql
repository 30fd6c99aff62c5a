{#
    The top label where equals and betters are at most clv_high_share of all rows, the bottom label where equals and
    worse are at most clv_low_share of them, the middle one for the rest. To be joined on the value: values are fewer
    than rows, and ranking wide rows is slow.
    in:  share_bands('customers', 'lifetime_revenue')     out: select lifetime_revenue, value_rank, share_band from …
#}
{% macro share_bands(relation, value, labels=['High', 'Medium', 'Low']) -%}
    {%- set equal_and_better = 'sum(count(*)) over (order by ' ~ value ~ ' desc rows unbounded preceding)' -%}
    {%- set equal_and_worse = 'sum(count(*)) over (order by ' ~ value ~ ' rows unbounded preceding)' -%}
    {%- set everyone = 'sum(count(*)) over ()' -%}
    select
        {{ value }},
        cast({{ equal_and_better }} - count(*) + 1 as bigint) as value_rank,
        cast(case
            when {{ equal_and_better }} <= {{ share_var('clv_high_share') }} * {{ everyone }} then '{{ labels[0] }}'
            when {{ equal_and_worse }} <= {{ share_var('clv_low_share') }} * {{ everyone }} then '{{ labels[2] }}'
            else '{{ labels[1] }}'
        end as varchar(16)) as share_band
    from {{ relation }}
    group by {{ value }}
{%- endmacro %}
