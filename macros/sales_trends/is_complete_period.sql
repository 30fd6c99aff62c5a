{#
    in:  a month from 1 June, data from 3 June, as-of date 30 June     out: true
    in:  a month from 1 June, data from 4 June, as-of date 30 June     out: false
    The first days of a period may be holidays.
#}
{% macro is_complete_period(first_day, last_day) -%}
    as_of.first_business_date <= {{ first_day }} + 2 and {{ last_day }} <= as_of.as_of_date
{%- endmacro %}
