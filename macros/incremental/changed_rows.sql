{#
    With dates, tables of all dates that such rows can have, it need not look at those of all years.
    in:  changed_only('business_date', ref('int_changed_dates'))     out: business_date in (select business_date from …), or true
#}
{% macro changed_only(key, changes, dates=[]) -%}
    {%- if not is_changed_only() -%}
        true
    {%- else -%}
        {{ key }} in (select changes.{{ key }} from {{ changes }} as changes)
        {%- for relation in dates %}
            {{ 'and business_date in (' if loop.first else 'union all' }} select dates.business_date from {{ relation }} as dates
            {{- ')' if loop.last }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#
    meta.changes is the table that names the changed values of its key, meta.changed_dates the tables of all dates that
    such rows have or had, where they could lie anywhere in all years. With meta.and_later rows of later keys too: each
    month end follows from all before it.
    in:  changed_rows('business_date', node.config.meta)     out: business_date in (select business_date from …)
#}
{% macro changed_rows(key, meta, anywhere=false) -%}
    {{ key }} {{ '>= (select min(' ~ key ~ ')' if meta.and_later else 'in (select ' ~ key }} from {{ intermediate_table(meta.changes) }})
    {%- if meta.changed_dates and not anywhere %} and business_date in (
        {%- for dates in meta.changed_dates -%}
        {{ ' union all ' if not loop.first }}select business_date from {{ intermediate_table(dates) }}
        {%- endfor -%}
    ){% endif %}
{%- endmacro %}

{% macro new_rows() -%}
    load_id > (select coalesce(max(built_load_id), 0) from {{ intermediate_table('run_state') }})
{%- endmacro %}
