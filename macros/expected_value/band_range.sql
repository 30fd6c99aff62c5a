{#
    in:  band_range('order_band', [1, 2, 3, 5], step=1)     out: 1, 2, 3 to 4 or 5 or more
#}
{% macro band_range(band_number, lower_edges, step=0) -%}
    cast(case {{ band_number }}
        {%- for edge in lower_edges %}
        {%- set upper_edge = edge if loop.last else lower_edges[loop.index] - step %}
        when {{ loop.index }} then '{{ edge }}{{ " or more" if loop.last else (" to " ~ upper_edge if upper_edge != edge) }}'
        {%- endfor %}
    end as varchar(32))
{%- endmacro %}
