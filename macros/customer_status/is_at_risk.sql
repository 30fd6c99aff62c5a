{#
    in:  is_at_risk('46') with churn_at_risk_days 45     out: true
#}
{% macro is_at_risk(days_since_last_order) -%}
    {{ days_since_last_order }} > {{ var('churn_at_risk_days') }}
{%- endmacro %}
