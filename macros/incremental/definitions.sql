{#
    Every variable counts but those named here and those of the expected value, on which no kept row depends: one that
    is forgotten asks for a full refresh too many instead of mixing figures. Names and regions of locations are no
    definition; for their time zones see check_time_zones().
    in:  definitions()     out: {'reporting_currency': 'USD', 'seeds/dayparts.csv': '9f86d0…', …}
#}
{% macro definitions() %}
    {%- set of_each_run = [
        'schema_suffix', 'awaits_publication', 'max_rejected_share', 'churn_period_days', 'churn_period_count',
        'discount_window_days', 'loyalty_min_joiners', 'location_recent_days', 'peak_hours_window_days',
        'menu_window_days'
    ] -%}
    {%- set seeds = [
        'dayparts', 'excluded_apps', 'excluded_customers', 'menu_category_corrections', 'menu_category_costs'
    ] -%}
    {%- set found = {} -%}
    {%- for name in variable_rules() if name not in of_each_run and not name.startswith('expected_') -%}
        {%- do found.update({name: var(name) | string}) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' and node.name in seeds -%}
        {%- do found.update({'seeds/' ~ node.name ~ '.csv': node.checksum.checksum}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}

{#
    They are looked up in the seed as it was just built, as a macro cannot read the file. A location in the default zone
    needs no row.
    in:  pre_hook='{{ check_time_zones() }}'     out: nothing; an error when they are others than those of past figures
#}
{% macro check_time_zones() %}
    {%- if execute -%}
        {%- set zones = run_query(
            'select location_id, timezone from ' ~ ref('locations') ~ " where timezone <> '" ~ var('default_timezone')
            ~ "' order by location_id, timezone"
        ).rows -%}
        {%- set wanted = {'time zones in seeds/locations.csv': local_md5(zones | map('join', ' ') | join(', '))} -%}
        {%- set state = intermediate_table('run_state') -%}
        {%- set status = run_query('select is_full_refresh, definitions from ' ~ state).rows[0] -%}
        {%- set built = fromjson(status[1]) -%}
        {%- if status[0] -%}
            {%- do built.update(wanted) -%}
            {%- do run_query('update ' ~ state ~ ' set definitions = ' ~ definitions_literal(built)) -%}
        {%- else -%}
            {%- do refuse_changed_definitions(changed_definitions(built, wanted)) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro definitions_literal(definitions) -%}
    '{{ tojson(definitions, sort_keys=true) | replace("'", "''") }}'
{%- endmacro %}

{# What differs between two sets of definitions, each with its name and, of a variable, both values. #}
{% macro changed_definitions(built, wanted) %}
    {%- set changed = [] -%}
    {%- for name, value in wanted.items() if built.get(name) != value -%}
        {%- do changed.append(name ~ (
            ' (its content)' if name.startswith('seeds/') else '' if '/' in name else ' (was ' ~ built.get(name) ~ ', is ' ~ value ~ ')'
        )) -%}
    {%- endfor -%}
    {{ return(changed) }}
{% endmacro %}
