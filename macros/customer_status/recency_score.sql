{#
    in:  recency_score('15') with churn_at_risk_days 45     out: 5
    in:  recency_score('45') with churn_at_risk_days 45     out: 4, the last one who is not at risk
#}
{% macro recency_score(recency_days) -%}
    {%- set days = var('churn_at_risk_days') -%}
    cast(case
        when 3 * {{ recency_days }} <= {{ days }} then 5
        when {{ recency_days }} <= {{ days }} then 4
        when {{ recency_days }} <= {{ 2 * days }} then 3
        when {{ recency_days }} <= {{ 4 * days }} then 2
        else 1
    end as bigint)
{%- endmacro %}
