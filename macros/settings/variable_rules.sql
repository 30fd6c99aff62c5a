{#
    Every variable of the project with its kind and range; dbt_project.yml has their values and meanings. The mapping is
    a literal that Jinja and Python read alike: sales-loader takes the rules from this file too.
    in:  variable_rules()['clv_high_share']     out: {'kind': 'number', 'least': 0, 'most': 1, 'decimals': 4}
#}
{% macro variable_rules() %}
    {{ return({
        'as_of_date': {'kind': 'date', 'may_be_null': True},
        'schema_suffix': {'kind': 'suffix', 'may_be_null': True},
        'awaits_publication': {'kind': 'boolean'},
        'max_rejected_share': {'kind': 'number', 'least': 0, 'most': 1},
        'reporting_currency': {'kind': 'currency'},
        'default_timezone': {'kind': 'time zone'},
        'business_day_start_hour': {'kind': 'whole number', 'least': 0, 'most': 23},
        'item_price_basis': {'kind': 'choice', 'choices': ['line_total', 'unit']},
        'option_price_basis': {'kind': 'choice', 'choices': ['per_line', 'per_unit']},
        'clv_high_share': {'kind': 'number', 'least': 0, 'most': 1, 'decimals': 4},
        'clv_low_share': {'kind': 'number', 'least': 0, 'most': 1, 'decimals': 4},
        'rfm_window_months': {'kind': 'whole number', 'least': 1, 'most': 1200},
        'rfm_high_score': {'kind': 'whole number', 'least': 1, 'most': 5},
        'rfm_low_score': {'kind': 'whole number', 'least': 1, 'most': 5},
        'new_customer_days': {'kind': 'whole number', 'least': 0, 'most': 36500},
        'churn_at_risk_days': {'kind': 'whole number', 'least': 0, 'most': 36500},
        'churn_period_days': {'kind': 'whole number', 'least': 1, 'most': 3650},
        'churn_period_count': {'kind': 'whole number', 'least': 1, 'most': 100},
        'discount_window_days': {'kind': 'whole number', 'least': 1, 'most': 36500},
        'loyalty_window_days': {'kind': 'whole number', 'least': 1, 'most': 36500},
        'loyalty_min_joiners': {'kind': 'whole number', 'least': 1, 'most': 1000000},
        'location_recent_days': {'kind': 'whole number', 'least': 1, 'most': 36500},
        'peak_hours_window_days': {'kind': 'whole number', 'least': 1, 'most': 36500},
        'menu_window_days': {'kind': 'whole number', 'least': 1, 'most': 36500},
        'default_food_cost_rate': {'kind': 'number', 'least': 0, 'most': 1, 'decimals': 4},
        'expected_value_min_month_ends': {'kind': 'whole number', 'least': 1, 'most': 1200},
        'expected_value_full_year_month_ends': {'kind': 'whole number', 'least': 1, 'most': 1200},
        'expected_lifetime_min_month_ends': {'kind': 'whole number', 'least': 1, 'most': 1200},
        'expected_value_start_count': {'kind': 'whole number', 'least': 1, 'most': 1200},
        'expected_value_order_bands': {'kind': 'rising list', 'first': 1, 'decimals': 0},
        'expected_value_missed_bands': {'kind': 'rising list', 'first': 0, 'decimals': 2},
        'expected_value_min_starts': {'kind': 'whole number', 'least': 1, 'most': 1000000},
        'expected_value_ratio_weight': {'kind': 'whole number', 'least': 1, 'most': 1000000},
        'expected_value_discount': {'kind': 'number', 'least': 0, 'most': 1, 'decimals': 6},
        'expected_value_max_order_weight': {'kind': 'whole number', 'least': 0, 'most': 1000000},
        'expected_value_probability_bands': {'kind': 'rising list', 'above': 0, 'decimals': 6},
        'expected_value_probability_weight': {'kind': 'whole number', 'least': 1, 'most': 1000000},
        'expected_value_min_probability_starts': {'kind': 'whole number', 'least': 1, 'most': 1000000}
    }) }}
{% endmacro %}
