{#
    The 20/60/20 rule: the top label for those whose equals and betters are at most clv_high_share of all, the bottom
    label for those whose equals and worse are at most clv_low_share of all, the middle one for the rest. Ties never split.
    in:  share_band('lifetime_revenue')     out: 'High', 'Medium' or 'Low'
#}
{% macro share_band(value, labels=['High', 'Medium', 'Low'], partition_by=none) -%}
    {%- set partition = 'partition by ' ~ partition_by if partition_by else '' -%}
    {%- set everyone = 'count(*) over (' ~ partition ~ ')' -%}
    {%- set high_share = 'cast(' ~ var('clv_high_share') ~ ' as decimal(18, 4))' -%}
    {%- set low_share = 'cast(' ~ var('clv_low_share') ~ ' as decimal(18, 4))' -%}
    cast(case
        when {{ everyone }} - rank() over ({{ partition }} order by {{ value }}) + 1 <= {{ high_share }} * {{ everyone }}
            then '{{ labels[0] }}'
        when {{ everyone }} - rank() over ({{ partition }} order by {{ value }} desc) + 1 <= {{ low_share }} * {{ everyone }}
            then '{{ labels[2] }}'
        else '{{ labels[1] }}'
    end as varchar(16))
{%- endmacro %}
