{#
    Decimal division gives a double on DuckDB and a cut scale on Redshift, so no quotient is ever taken of decimals.
    wide=false is for numbers that a bigint holds, doubled: it is faster on DuckDB.
    in:  rounded_quotient('-5', '2')     out: -3
    Decimal division gives a double on DuckDB and a cut scale on Redshift, so no quotient is ever taken of decimals.
    wide=false is for numbers that a bigint holds, doubled: it is faster on DuckDB.
#}
{% macro rounded_quotient(dividend, divisor, wide=true) -%}
    {%- set rounded = integer_divide(
        '2 * abs(' ~ dividend ~ ') + abs(' ~ divisor ~ ')', '2 * abs(' ~ divisor ~ ')', wide=wide
    ) -%}
    case
        when {{ divisor }} = 0 then null
        when ({{ dividend }} < 0) = ({{ divisor }} < 0) then {{ rounded }}
        else -{{ rounded }}
    end
{%- endmacro %}
