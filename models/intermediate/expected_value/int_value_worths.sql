{% set discount = (var('expected_value_discount') * 1000000) | round | int %}
{% set months_shown = {1: 3, 2: 6, 3: 9, 4: 12, 8: 24, 12: 36} %}
{% set discounted_later = half_up('later.discounted_worth * ' ~ discount, '1000000') %}

with
kept_ratios as (
    select * from {{ ref('int_value_kept_ratios') }}
),

flows as (
    select * from {{ ref('int_value_flows') }}
),

after_1_steps as (
    select
        run_as_of,
        order_band,
        missed_band,
        kept_ratio,
        kept_ratio as worth,
        kept_ratio as discounted_worth
    from kept_ratios
),

{% for step in range(2, 13) -%}
after_{{ step }}_steps as (
    select
        kept_ratios.run_as_of,
        kept_ratios.order_band,
        kept_ratios.missed_band,
        kept_ratios.kept_ratio,
        kept_ratios.kept_ratio + {{ half_up('cast(sum(flows.flow * later.worth) as bigint)', '1000000') }} as worth,
        kept_ratios.kept_ratio + {{ half_up(
            'cast(sum(flows.flow * ' ~ discounted_later ~ ') as bigint)', '1000000'
        ) }} as discounted_worth
    from kept_ratios
    inner join flows
        on
            kept_ratios.run_as_of = flows.run_as_of
            and kept_ratios.order_band = flows.order_band
            and kept_ratios.missed_band = flows.missed_band
    inner join after_{{ step - 1 }}_steps as later
        on
            flows.run_as_of = later.run_as_of
            and flows.next_order_band = later.order_band
            and flows.next_missed_band = later.missed_band
    group by kept_ratios.run_as_of, kept_ratios.order_band, kept_ratios.missed_band, kept_ratios.kept_ratio
),

{% endfor -%}

final as (
    select
        after_1_steps.run_as_of,
        after_1_steps.order_band,
        after_1_steps.missed_band,
        {% for step, months in months_shown.items() -%}
        after_{{ step }}_steps.worth as worth_{{ months }}m,
        {% endfor -%}
        after_12_steps.discounted_worth as worth_36m_discounted
    from after_1_steps
    {% for step in months_shown if step > 1 -%}
    inner join after_{{ step }}_steps
        on
            after_1_steps.run_as_of = after_{{ step }}_steps.run_as_of
            and after_1_steps.order_band = after_{{ step }}_steps.order_band
            and after_1_steps.missed_band = after_{{ step }}_steps.missed_band
    {% endfor %}
)

select * from final
