{% set keys = {
    'int_changed_customers': ['customer_id', 'ordered_at_utc'],
    'int_changed_dates': ['business_date'],
    'int_changed_periods': ['week_start_date', 'month_start_date'],
    'int_current_order_lines': ['order_id', 'lineitem_id'],
    'int_customer_days': ['customer_id', 'business_date'],
    'int_customer_month_end_states': ['customer_id', 'month_end_date'],
    'int_customer_months': ['customer_id', 'month_end_date'],
    'int_customer_totals': ['customer_id'],
    'int_discount_windows': ['option_group_name', 'option_name'],
    'int_exclusion_checks': ['check_name'],
    'int_joining_cells': ['joined_month', 'before_band', 'number_band', 'age_band'],
    'int_joining_orders': ['customer_id'],
    'int_joining_windows': ['customer_id', 'business_date'],
    'int_landing_checks': ['check_name'],
    'int_location_totals': ['location_id'],
    'int_loyalty_totals': ['membership'],
    'int_month_end_cut_points': ['month_end_date', 'measure'],
    'int_option_amounts': ['order_id', 'lineitem_id', 'option_group_name', 'option_name', 'option_price', 'option_quantity'],
    'int_order_headers': ['order_id'],
    'int_order_lines': ['order_id', 'lineitem_id'],
    'int_refreshed_orders': ['order_id'],
    'int_expected_value_priors': ['run_as_of'],
    'int_expected_value_nearest_cells': ['run_as_of', 'order_band', 'missed_band'],
    'int_expected_value_customers': ['run_as_of', 'customer_id'],
    'int_expected_value_estimates': ['run_as_of', 'customer_id'],
    'int_expected_value_transitions': ['run_as_of', 'order_band', 'missed_band', 'next_order_band', 'next_missed_band'],
    'int_expected_value_realised_ratios': ['run_as_of', 'order_band', 'missed_band'],
    'int_expected_value_observations': ['run_as_of', 'order_band', 'missed_band', 'purchase_rate', 'end_order_band', 'end_missed_band'],
    'int_expected_value_order_value_spreads': ['run_as_of'],
    'int_expected_value_order_value_weights': ['run_as_of'],
    'int_expected_value_outcomes': ['run_as_of', 'customer_id'],
    'int_expected_value_purchase_rates': ['run_as_of', 'customer_id'],
    'int_expected_value_probabilities': ['run_as_of', 'expected_band', 'missed_band'],
    'int_expected_value_reasons': ['run_as_of'],
    'int_expected_value_returns': ['run_as_of', 'expected_band', 'missed_band'],
    'int_expected_value_runs': ['run_as_of'],
    'int_expected_value_multiples': ['run_as_of', 'order_band', 'missed_band']
} %}

{{ config(tags=['full_build_only'], meta={'keys': keys}) }}

with
{% for table_name, columns in keys.items() -%}
{{ table_name }} as (
    select * from {{ ref(table_name) }}
),

{% endfor -%}
final as (
    {% for table_name, columns in keys.items() -%}
    select
        '{{ table_name }}' as table_name,
        '{{ columns | join(', ') }}' as key_columns,
        {% for position in range(keys.values() | map('length') | max) -%}
        cast({{ columns[position] or 'null' }} as varchar(512)) as key_part_{{ position + 1 }},
        {% endfor -%}
        count(*) as row_count
    from {{ table_name }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from final
