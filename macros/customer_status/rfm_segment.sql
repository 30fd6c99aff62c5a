{#
    in:  recency_days 45, scores 4 and 4     out: VIP
    in:  recency_days 46, scores 4 and 4     out: Lapsing
#}
{% macro rfm_segment(recency_days, frequency_score, monetary_score, days_since_first_order) -%}
    cast(case
        when {{ is_at_risk(recency_days) }} and {{ frequency_score }} <= {{ var('rfm_low_score') }} then 'Churn Risk'
        when {{ is_at_risk(recency_days) }} then 'Lapsing'
        when {{ frequency_score }} >= {{ var('rfm_high_score') }}
            and {{ monetary_score }} >= {{ var('rfm_high_score') }} then 'VIP'
        when {{ frequency_score }} <= {{ var('rfm_low_score') }}
            and {{ days_since_first_order }} <= {{ var('new_customer_days') }} then 'New Customer'
        else 'Regular'
    end as varchar(16))
{%- endmacro %}
