{#
    in:  business_date("timestamp '2024-03-02 03:59:59'") with business_day_start_hour 4     out: 2024-03-01
#}
{% macro business_date(local_time) -%}
    {%- set start_hour = var('business_day_start_hour') -%}
    cast({{ local_time }} as date)
    - case when extract(hour from {{ local_time }}) < {{ start_hour }} then 1 else 0 end
{%- endmacro %}
