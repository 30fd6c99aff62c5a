{#
    What rows that are kept from run to run were computed by: the variables and the seeds that past figures depend on.
    Variables of marts that are built whole every time are not among them.
    in:  definitions()     out: {'reporting_currency': 'USD', 'seeds/locations.csv': '9f86d0…', …}
#}
{% macro definitions() %}
    {%- set variables = [
        'as_of_date', 'reporting_currency', 'default_timezone', 'business_day_start_hour', 'item_price_basis',
        'option_price_basis', 'clv_high_share', 'clv_low_share', 'rfm_window_months', 'rfm_high_score',
        'rfm_low_score', 'churn_at_risk_days', 'default_food_cost_rate', 'expected_value_min_month_ends',
        'expected_value_order_bands', 'expected_value_missed_bands', 'expected_value_start_count',
        'expected_value_min_starts', 'expected_value_ratio_weight', 'expected_value_max_order_weight',
        'expected_value_probability_bands', 'expected_value_probability_weight', 'expected_value_min_probability_starts'
    ] -%}
    {%- set seeds = [
        'dayparts', 'excluded_apps', 'excluded_customers', 'locations', 'menu_category_corrections',
        'menu_category_costs'
    ] -%}
    {%- set found = {} -%}
    {%- for name in variables -%}
        {%- do found.update({name: var(name) | string}) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'seed' and node.name in seeds -%}
        {%- do found.update({'seeds/' ~ node.name ~ '.csv': node.checksum.checksum}) -%}
    {%- endfor -%}
    {{ return(found) }}
{% endmacro %}
