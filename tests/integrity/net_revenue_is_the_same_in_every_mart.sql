{% set marts = [
    'fct_orders', 'sales_daily', 'sales_weekly', 'sales_monthly', 'sales_by_category_daily',
    'sales_by_category_weekly', 'sales_by_category_monthly', 'location_performance',
    'discount_effectiveness', 'discount_effectiveness_monthly'
] %}

with
facts as (
    select coalesce(sum(net_revenue), 0) as net_revenue
    from {{ ref('fct_order_lines') }}
),

marts as (
    {% for mart in marts -%}
    select
        '{{ mart }}' as mart,
        coalesce(sum(net_revenue), 0) as net_revenue
    from {{ ref(mart) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        marts.mart,
        marts.net_revenue,
        facts.net_revenue as expected_net_revenue
    from marts
    cross join facts
    where marts.net_revenue <> facts.net_revenue
)

select * from final
