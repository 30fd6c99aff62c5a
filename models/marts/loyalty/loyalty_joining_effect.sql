{% set counts = ['orders_before', 'orders_after'] %}
{% set amounts = ['net_revenue_before', 'net_revenue_after'] %}
{% set enough = 'matched_customer_count >= ' ~ var('loyalty_min_joiners') %}

with
cells as (
    select * from {{ ref('int_joining_cells') }}
),

differing as (
    select
        *,
        100 * joiner_orders_after - joiner_count * expected_hundredths as difference,
        10000 * {{ in_38_digits('joiner_squared_orders_after') }}
        - 200 * {{ in_38_digits('expected_hundredths') }} * joiner_orders_after
        + {{ in_38_digits('joiner_count') }} * expected_hundredths * expected_hundredths as squared_difference
    from cells
    where control_count > 0
),

varying as (
    select
        *,
        {{ divide_in_38_digits(
            '(2 * (control_count + joiner_count) * squared_difference + control_count)', '(2 * control_count)'
        ) }} as variance
    from differing
),

periods as (
    select
        substring(cast(joined_month as varchar(10)), 1, 7) as joined_period,
        joined_month,
        sum(joiner_count) as customer_count
    from cells
    group by joined_month

    union all

    select
        'all' as joined_period,
        cast(null as date) as joined_month,
        coalesce(sum(joiner_count), 0) as customer_count
    from cells
),

summed as (
    select
        cast(periods.joined_period as varchar(7)) as joined_period,
        periods.joined_month,
        cast(periods.customer_count as bigint) as customer_count,
        cast(coalesce(sum(varying.joiner_count), 0) as bigint) as matched_customer_count,
        cast(coalesce(sum(varying.control_count), 0) as bigint) as control_order_count,
        {%- for count in counts %}
        cast(coalesce(sum(varying.joiner_{{ count }}), 0) as bigint) as {{ count }},
        {%- endfor %}
        {%- for amount in amounts %}
        {{ money('coalesce(sum(varying.joiner_' ~ amount ~ '), 0)') }} as {{ amount }},
        {%- endfor %}
        {%- for measure in counts + amounts + ['non_member_orders_after'] %}
        {{ money('coalesce(sum(varying.expected_' ~ measure ~ '), 0)') }} as expected_{{ measure }},
        {%- endfor %}
        {{ in_38_digits('sum(varying.difference)') }} as difference,
        {{ in_38_digits('sum(varying.variance)') }} as variance
    from periods
    left join varying
        on periods.joined_month = varying.joined_month or periods.joined_month is null
    group by periods.joined_period, periods.joined_month, periods.customer_count
),

final as (
    select
        joined_period,
        joined_month,
        customer_count,
        matched_customer_count,
        control_order_count,
        orders_before,
        expected_orders_before,
        orders_after,
        expected_orders_after,
        case when {{ enough }} then {{ change_pct('orders_after', 'expected_orders_after') }} end as excess_orders_pct,
        case when {{ enough }} then difference * difference > 4 * variance end as is_excess_clear,
        case
            when {{ enough }} and expected_orders_after > 0
                then {{ percentage('expected_non_member_orders_after', 'expected_orders_after') }}
        end as control_non_member_pct,
        net_revenue_before,
        expected_net_revenue_before,
        net_revenue_after,
        expected_net_revenue_after,
        case when {{ enough }} then {{ change_pct('net_revenue_after', 'expected_net_revenue_after') }} end
            as excess_revenue_pct
    from summed
)

select * from final
