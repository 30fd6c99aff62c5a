{% set customer_counts = [
    'customer_count', 'active_customer_count', 'repeat_customer_count', 'orders_in_window', 'customer_age_days'
] %}
{% set amounts = ['gross_revenue', 'discount_amount', 'net_revenue'] %}

with
totals as (
    select * from {{ ref('int_loyalty_totals') }}
),

guest_orders as (
    select * from {{ ref('fct_orders') }}
    where customer_id is null
),

memberships as (
    select cast('member' as varchar(16)) as membership
    union all
    select cast('non_member' as varchar(16)) as membership
),

customers as (
    select
        memberships.membership,
        {%- for count in customer_counts + ['order_count'] %}
        cast(coalesce(totals.{{ count }}, 0) as bigint) as {{ count }},
        {%- endfor %}
        {%- for amount in amounts + ['net_revenue_in_window'] %}
        {{ money('coalesce(totals.' ~ amount ~ ', 0)') }} as {{ amount }},
        {%- endfor %}
        totals.both_middles
    from memberships
    left join totals
        on memberships.membership = totals.membership
),

-- Nobody knows who guests are: what is counted by customer is unknown.
guests as (
    select
        cast('guest' as varchar(16)) as membership,
        {%- for count in customer_counts %}
        cast(null as bigint) as {{ count }},
        {%- endfor %}
        cast(count(*) as bigint) as order_count,
        {%- for amount in amounts %}
        {{ money('coalesce(sum(' ~ amount ~ '), 0)') }} as {{ amount }},
        {%- endfor %}
        {{ money('null') }} as net_revenue_in_window,
        {{ money('null') }} as both_middles
    from guest_orders
),

everyone as (
    select * from customers

    union all

    select * from guests
),

final as (
    select
        membership,
        customer_count,
        active_customer_count,
        {{ rate('active_customer_count', 'customer_count') }} as active_customer_rate,
        order_count,
        gross_revenue,
        discount_amount,
        net_revenue,
        {{ average('net_revenue', 'order_count') }} as average_order_value,
        {{ percentage('discount_amount', 'gross_revenue') }} as average_discount_pct,
        {{ average('order_count', 'customer_count') }} as average_orders_per_customer,
        repeat_customer_count,
        {{ rate('repeat_customer_count', 'customer_count') }} as repeat_customer_rate,
        order_count - customer_count as repeat_order_count,
        {{ average('net_revenue', 'customer_count') }} as average_lifetime_value,
        {{ average('both_middles', '2') }} as median_lifetime_value,
        {{ average('orders_in_window', 'customer_count') }} as average_orders_in_window,
        {{ average('net_revenue_in_window', 'customer_count') }} as average_net_revenue_in_window,
        {{ average('customer_age_days', 'customer_count') }} as average_customer_age_days
    from everyone
)

select * from final
