{#
    in:  data_quality_checks()     out: [{'name': 'rejected_items_wrong_field_count', 'description': '...'}, ...]
#}
{% macro data_quality_checks() %}
    {%- set reasons = [
        ('wrong_field_count', 'with more cells than the header or without one that is needed', ['items', 'options']),
        ('missing_order_id', 'without an order id', ['items', 'options']),
        ('missing_lineitem_id', 'without a line id', ['items', 'options']),
        ('missing_restaurant_id', 'without a restaurant id', ['items']),
        ('mangled_id', 'with an id that a spreadsheet rewrote, such as 6.13E+23', ['items', 'options']),
        ('bad_creation_time', 'whose time is not ISO 8601 in UTC, or before 1990', ['items']),
        ('bad_item_price', 'whose price is not a decimal of at most 4 places', ['items']),
        ('bad_item_quantity', 'whose quantity is not a whole number', ['items']),
        ('bad_is_loyalty', 'whose loyalty flag is neither TRUE nor FALSE', ['items']),
        ('bad_currency', 'whose currency is not three letters', ['items']),
        ('bad_option_price', 'whose price is not a decimal of at most 4 places', ['options']),
        ('bad_option_quantity', 'whose quantity is not a whole number', ['options']),
        ('too_long', 'with an id over 64 bytes or a name over 512', ['items', 'options']),
        ('set_aside', 'set aside by sales-loader reject', ['items', 'options'])
    ] -%}
    {%- set nouns = {'items': 'Order lines', 'options': 'Options'} -%}
    {%- set checks = [] -%}
    {%- for kind in ['items', 'options'] -%}
        {%- for reason, fault, kinds in reasons if kind in kinds -%}
            {%- do checks.append({
                'name': 'rejected_' ~ kind ~ '_' ~ reason,
                'description': nouns[kind] ~ ' ' ~ fault ~ ': kept out of the warehouse, shown by sales-loader rejects'
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name, description in [
        ('superseded_order_lines', 'Order lines replaced by a later version of the same line'),
        ('duplicate_options', 'Exact copies of an option within one load: counted once'),
        ('replaced_option_sets', 'Order lines with options in more than one file: those of the latest file count'),
        ('orphan_options', 'Options whose order line has not arrived: they count once it does'),
        ('other_currency_lines', 'Order lines in another currency than the reporting one: not converted, not in the facts'),
        ('excluded_app_orders', 'Orders of an app in seeds/excluded_apps.csv: left out of everything'),
        ('excluded_customer_orders', 'Orders of a customer in seeds/excluded_customers.csv: sales, but in no customer metric'),
        ('guest_orders', 'Orders without a customer: sales, but in no customer metric'),
        ('refund_orders', 'Orders with net revenue below zero: they count in all sales'),
        ('negative_item_lines', 'Order lines with an item amount below zero: they count; a discount entered as an item hides here')
    ] -%}
        {%- do checks.append({'name': name, 'description': description}) -%}
    {%- endfor -%}
    {{ return(checks) }}
{% endmacro %}
