{#-
    In:  rules: ["gross_revenue - discount_amount = net_revenue", "discount_amount >= 0"]
    Out: one row for each row that breaks a rule: the first rule it breaks, and its columns
-#}
{% test rules_hold(model, rules) %}

select
    case
        {%- for rule in rules %}
        when not ({{ rule }}) then '{{ rule | replace("'", "''") }}'
        {%- endfor %}
    end as failed_rule,
    *
from {{ model }}
where
    {%- for rule in rules %}
    {{ "or " if not loop.first }}not ({{ rule }})
    {%- endfor %}

{% endtest %}
