{#
    The settings of packages stand below their names in dbt_project.yml and are left alone.
    in:  on-run-start: check_variables() with churn_at_risk_days '45 or true'     out: an error
#}
{% macro check_variables() %}
    {%- if execute -%}
        {%- set of_project = adapter.config.vars.to_dict() -%}
        {%- set values = {} -%}
        {%- for name, value in of_project.items() if value is not mapping -%}
            {%- do values.update({name: value}) -%}
        {%- endfor -%}
        {%- do values.update(of_project.get(project_name, {})) -%}
        {%- do values.update(adapter.config.cli_vars) -%}
        {%- set problems = variable_problems(values, variable_rules()) | trim -%}
        {%- if problems -%}
            {%- do exceptions.raise_compiler_error(problems) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
