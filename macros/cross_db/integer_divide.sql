{#
    Whole-number division, cut towards zero.
    in:  integer_divide('7', '2')     out: 3
    DuckDB writes it `//`; Redshift's `/` already divides whole numbers so. The quotient is a bigint.
#}
{% macro integer_divide(dividend, divisor) %}
    {{- return(adapter.dispatch('integer_divide', 'franchise_sales')(dividend, divisor)) -}}
{% endmacro %}

{% macro default__integer_divide(dividend, divisor) -%}
    (cast({{ dividend }} as bigint) / cast({{ divisor }} as bigint))
{%- endmacro %}

{% macro duckdb__integer_divide(dividend, divisor) -%}
    cast(cast({{ dividend }} as hugeint) // cast({{ divisor }} as hugeint) as bigint)
{%- endmacro %}
