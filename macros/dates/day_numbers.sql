{#
    They are made of digits, as neither engine's own series of numbers works beside tables on the other one.
    in:  day_numbers()     out: select 0 as day_number union all select 1 …
#}
{% macro day_numbers() -%}
    {%- set places = ['ones', 'tens', 'hundreds', 'thousands', 'ten_thousands', 'hundred_thousands', 'millions'] -%}
    with
    digits as (
        {%- for digit in range(10) %}
        select {{ digit }} as digit
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    )

    select
        {%- for place in places %}
        {{ 10 ** loop.index0 }} * {{ place }}.digit {{ '+' if not loop.last }}
        {%- endfor %} as day_number
    from digits as ones
    {%- for place in places[1:] %}
    cross join digits as {{ place }}
    {%- endfor %}
    where millions.digit < 4
{%- endmacro %}
