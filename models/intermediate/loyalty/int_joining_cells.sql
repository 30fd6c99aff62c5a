{% set bands = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50] %}
{% set age_bands = [0, 30, 90] %}
{% set window_days = var('loyalty_window_days') %}
{% set counts = ['orders_before', 'orders_after'] %}
{% set amounts = ['net_revenue_before', 'net_revenue_after'] %}

with
orders as (
    select * from {{ ref('fct_orders') }}
    where customer_order_number >= 2
),

joining_orders as (
    select * from {{ ref('int_joining_orders') }}
),

windows as (
    select * from {{ ref('int_joining_windows') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- The order at which a customer joined, and each at which they could have but had not yet.
compared as (
    select
        {{ month_start('orders.business_date') }} as joined_month,
        {{ band('windows.orders_before', bands) }} as before_band,
        {{ band('orders.customer_order_number', bands) }} as number_band,
        {{ band('windows.days_since_first_order', age_bands) }} as age_band,
        coalesce(orders.customer_order_number = joining_orders.joining_order_number, false) as is_joiner,
        windows.orders_before,
        windows.net_revenue_before,
        windows.orders_after,
        windows.net_revenue_after,
        windows.non_member_orders_after
    from orders
    inner join windows
        on
            orders.customer_id = windows.customer_id
            and orders.business_date = windows.business_date
    inner join as_of
        on
            orders.business_date - {{ window_days }} >= as_of.first_business_date
            and orders.business_date + {{ window_days }} <= as_of.as_of_date
    left join joining_orders
        on orders.customer_id = joining_orders.customer_id
    where
        joining_orders.joining_order_number is null
        or orders.customer_order_number <= joining_orders.joining_order_number
),

cells as (
    select
        joined_month,
        before_band,
        number_band,
        age_band,
        {%- for side, is_of_side in {'joiner': 'is_joiner', 'control': 'not is_joiner'}.items() %}
        cast(sum(case when {{ is_of_side }} then 1 else 0 end) as bigint) as {{ side }}_count,
        {%- for measure in counts %}
        cast(sum(case when {{ is_of_side }} then {{ measure }} else 0 end) as bigint) as {{ side }}_{{ measure }},
        {%- endfor %}
        {%- for measure in amounts %}
        {{ money('sum(case when ' ~ is_of_side ~ ' then ' ~ measure ~ ' else 0 end)') }} as {{ side }}_{{ measure }},
        {%- endfor %}
        {%- endfor %}
        cast(sum(case when is_joiner then orders_after * orders_after else 0 end) as bigint)
            as joiner_squared_orders_after,
        cast(sum(case when is_joiner then 0 else non_member_orders_after end) as bigint)
            as control_non_member_orders_after
    from compared
    group by joined_month, before_band, number_band, age_band
),

-- What its joiners would have done if they were like its control orders.
final as (
    select
        *,
        {%- for measure in counts + amounts + ['non_member_orders_after'] %}
        {{ average('(joiner_count * control_' ~ measure ~ ')', 'control_count') }} as expected_{{ measure }},
        {%- endfor %}
        {{ rounded_quotient('(100 * control_orders_after)', 'control_count') }} as expected_hundredths
    from cells
    where joiner_count > 0
)

select * from final
