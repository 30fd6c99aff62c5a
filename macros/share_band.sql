{#
    The 20/60/20 rule: the top label for those whose equals and betters are at most clv_high_share of all, the bottom
    label for those whose equals and worse are at most clv_low_share of all, the middle one for the rest. Ties never split.
    in:  share_band('lifetime_revenue')     out: 'High', 'Medium' or 'Low'
#}
{% macro share_band(value, labels=['High', 'Medium', 'Low']) -%}
    cast(case
        when count(*) over () - rank() over (order by {{ value }}) + 1 <= {{ share_var('clv_high_share') }} * count(*) over ()
            then '{{ labels[0] }}'
        when count(*) over () - rank() over (order by {{ value }} desc) + 1 <= {{ share_var('clv_low_share') }} * count(*) over ()
            then '{{ labels[2] }}'
        else '{{ labels[1] }}'
    end as varchar(16))
{%- endmacro %}
