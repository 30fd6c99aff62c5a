{#
    What is wrong with the values of variables, a line for each; dbt and sales-loader both call this macro.
    in:  variable_problems({'churn_at_risk_day': 30}, variable_rules())
    out: There is no variable 'churn_at_risk_day'; the nearest is churn_at_risk_days. …
#}
{% macro variable_problems(values, rules) -%}
    {%- for name in values if name not in rules %}
There is no variable {{ '%r' | format(name) | truncate(80) }}; the nearest is {{ nearest_name((name | string)[:80], rules) }}.
    {%- endfor %}
    {%- for name, rule in rules.items() if name not in values or not is_legal(values[name], rule) | trim %}
        {%- set value = values.get(name) %}
{{ name }} is {{ 'not set' if name not in values else value_as_text(value) }}; expected {{ expected_value_of(rule) }}.
    {%- else %}
        {%- if (values.clv_high_share + values.clv_low_share) | round(4) > 1 %}
clv_high_share and clv_low_share are {{ values.clv_high_share }} and {{ values.clv_low_share }}; expected at most 1 together.
        {%- endif %}
        {%- if values.rfm_low_score >= values.rfm_high_score %}
rfm_low_score is {{ values.rfm_low_score }}; expected less than rfm_high_score, which is {{ values.rfm_high_score }}.
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- True, or nothing. A fault in a date or a list is told by the whole of it. -#}
{% macro is_legal(value, rule) -%}
    {%- set kind = rule.kind -%}
    {%- if value is none -%}
        {{- 'true' if rule.may_be_null -}}
    {%- elif kind == 'boolean' -%}
        {{- 'true' if value is boolean -}}
    {%- elif kind == 'number' or kind == 'whole number' -%}
        {{- 'true' if (value is integer or kind == 'number' and value is float) and rule.least <= value <= rule.most
            and has_decimals(value, rule.get('decimals', 9)) | trim -}}
    {%- elif kind == 'rising list' -%}
        {{- is_rising_list(value, rule) -}}
    {%- elif kind == 'date' -%}
        {{- is_date(value | string) -}}
    {%- elif value is string -%}
        {{- 'true' if kind == 'choice' and value in rule.choices
            or kind == 'time zone' and value in modules.pytz.all_timezones
            or kind == 'currency' and modules.re.fullmatch('[A-Za-z]{3}', value)
            or kind == 'suffix' and modules.re.fullmatch('[a-z0-9_]{1,40}', value) -}}
    {%- endif -%}
{%- endmacro %}

{% macro has_decimals(value, most) -%}
    {{- 'true' if value | round(most) == value -}}
{%- endmacro %}

{% macro is_rising_list(value, rule) -%}
    {%- set legal = [] -%}
    {%- if value is sequence and value is not string and value is not mapping -%}
        {%- for edge in value if (edge is integer or edge is float and rule.decimals) and has_decimals(edge, rule.decimals) | trim -%}
            {%- set is_above = edge > value[loop.index0 - 1] if not loop.first
                else edge == rule.first if 'first' in rule else edge > rule.above -%}
            {%- do legal.append(edge) if is_above and edge <= 1000000 -%}
        {%- endfor -%}
    {%- endif -%}
    {{- 'true' if legal and legal | length == value | length -}}
{%- endmacro %}

{#- The 28th and the days after it: still in the same month? -#}
{% macro is_date(text) -%}
    {%- if modules.re.fullmatch('[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])', text) -%}
        {%- set year, month, day = text[:4] | int, text[5:7] | int, text[8:] | int -%}
        {%- set moved = modules.datetime.date(year, month, 28) + modules.datetime.timedelta(days=day - 28) -%}
        {{- 'true' if moved.month == month -}}
    {%- endif -%}
{%- endmacro %}

{% macro expected_value_of(rule) -%}
    {%- set kind = rule.kind -%}
    {%- if kind == 'boolean' -%} true or false
    {%- elif kind == 'number' or kind == 'whole number' -%} a {{ kind }} from {{ rule.least }} to {{ rule.most }}
    {%- elif kind == 'rising list' -%} a list of rising {{ 'numbers' if rule.decimals else 'whole numbers' }}
        {{- ' that begins with ' ~ rule.first if 'first' in rule else ' above ' ~ rule.above }}, at most 1000000
    {%- elif kind == 'date' -%} a date as YYYY-MM-DD
    {%- elif kind == 'choice' -%} one of {{ rule.choices | join(', ') }}
    {%- elif kind == 'time zone' -%} a time zone such as America/New_York
    {%- elif kind == 'currency' -%} three letters such as USD
    {%- elif kind == 'suffix' -%} small letters, digits and _, in quotes where YAML would read a number ('2025_05_31')
    {%- endif -%}
    {{- ', with at most ' ~ rule.decimals ~ ' decimals' if rule.decimals -}}
    {{- ', or null' if rule.may_be_null -}}
{%- endmacro %}

{% macro value_as_text(value) -%}
    {%- if value is mapping -%} a mapping
    {%- elif value is string -%} {{ '%r' | format(value) | truncate(80) }}
    {%- elif value is sequence -%} {{ 'a list of ' ~ value | length }}
    {%- else -%} {{ 'null' if value is none else value | string | truncate(80) }}
    {%- endif -%}
{%- endmacro %}

{#- The name with the most pairs of neighbouring letters in common. -#}
{% macro nearest_name(name, names) -%}
    {%- set nearest = namespace(name='', likeness=-1) -%}
    {%- for candidate in names -%}
        {%- set shared = [] -%}
        {%- for start in range(name | length - 1) if name[start:start + 2] | lower in candidate -%}
            {%- do shared.append(start) -%}
        {%- endfor -%}
        {%- set likeness = shared | length / (name | length + candidate | length) -%}
        {%- if likeness > nearest.likeness -%}
            {%- set nearest.name = candidate -%}
            {%- set nearest.likeness = likeness -%}
        {%- endif -%}
    {%- endfor -%}
    {{- nearest.name -}}
{%- endmacro %}
