{#
    in:  scores 5, 5, 4     out: VIP
#}
{% macro rfm_segment(recency_score, frequency_score, monetary_score) -%}
    cast(case
        when {{ recency_score }} >= {{ var('rfm_high_score') }}
            and {{ frequency_score }} >= {{ var('rfm_high_score') }}
            and {{ monetary_score }} >= {{ var('rfm_high_score') }} then 'VIP'
        when {{ recency_score }} >= {{ var('rfm_high_score') }}
            and {{ frequency_score }} <= {{ var('rfm_low_score') }} then 'New Customer'
        when {{ recency_score }} <= {{ var('rfm_low_score') }}
            and {{ frequency_score }} <= {{ var('rfm_low_score') }} then 'Churn Risk'
        else 'Regular'
    end as varchar(16))
{%- endmacro %}
