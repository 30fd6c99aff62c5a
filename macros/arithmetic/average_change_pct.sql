{#
    in:  average_change_pct('30.00', '2', '10.00', '1')     out: 50.00
    The averages themselves are not rounded: r1 / n1 against r0 / n0 is (r1 n0 - r0 n1) / (r0 n1).
#}
{% macro average_change_pct(amount, number, amount_before, number_before) -%}
    {%- set cents = in_38_digits('100 * (' ~ amount ~ ')') -%}
    {%- set cents_before = in_38_digits('100 * (' ~ amount_before ~ ')') -%}
    {%- set base = '(' ~ cents_before ~ ' * ' ~ number ~ ')' -%}
    {%- set gain = '(' ~ cents ~ ' * ' ~ number_before ~ ' - ' ~ base ~ ')' -%}
    case
        when {{ number }} > 0 and {{ number_before }} > 0 and {{ amount_before }} > 0
            then cast(
                case when {{ gain }} < 0 then -1 else 1 end
                * {{ divide_in_38_digits('(20000 * abs(' ~ gain ~ ') + ' ~ base ~ ')', '(2 * ' ~ base ~ ')') }}
                * cast(0.01 as decimal(3, 2)) as decimal(18, 2)
            )
    end
{%- endmacro %}
