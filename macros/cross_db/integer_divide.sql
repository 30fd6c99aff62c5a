{#
    DuckDB writes it `//`; Redshift's `/` already divides whole numbers so. DuckDB divides bigints ten times as fast as
    numbers of any width.
    in:  integer_divide('7', '2')     out: 3
    DuckDB writes it `//`; Redshift's `/` already divides whole numbers so. The quotient is a bigint. Dividend and divisor
    may be as wide as the engine allows; with wide=false both are bigint, which DuckDB divides ten times as fast.
#}
{% macro integer_divide(dividend, divisor, wide=true) %}
    {{- return(adapter.dispatch('integer_divide', 'franchise_sales')(dividend, divisor, wide)) -}}
{% endmacro %}

{% macro default__integer_divide(dividend, divisor, wide) -%}
    (cast({{ dividend }} as bigint) / cast({{ divisor }} as bigint))
{%- endmacro %}

{% macro duckdb__integer_divide(dividend, divisor, wide) -%}
    {%- if wide -%}
        cast(cast({{ dividend }} as hugeint) // cast({{ divisor }} as hugeint) as bigint)
    {%- else -%}
        (cast({{ dividend }} as bigint) // cast({{ divisor }} as bigint))
    {%- endif -%}
{%- endmacro %}
