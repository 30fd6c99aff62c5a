{% set discount = (var('expected_value_discount') * 1000000) | round | int %}
{% set months_shown = {1: 3, 2: 6, 3: 9, 4: 12, 8: 24, 12: 36} %}
{% set discounted_later = half_up('later.discounted_multiple * ' ~ discount, '1000000') %}
{% set passed_on = 'cast(sum(transitions.transition_weight * later.value_multiple) as bigint)' %}
{% set passed_on_discounted = 'cast(sum(transitions.transition_weight * ' ~ discounted_later ~ ') as bigint)' %}

with
realised_ratios as (
    select * from {{ ref('int_expected_value_realised_ratios') }}
),

transitions as (
    select * from {{ ref('int_expected_value_transitions') }}
),

after_1_steps as (
    select
        run_as_of,
        order_band,
        missed_band,
        realised_ratio,
        realised_ratio as value_multiple,
        realised_ratio as discounted_multiple
    from realised_ratios
),

{% for step in range(2, 13) -%}
after_{{ step }}_steps as (
    select
        realised_ratios.run_as_of,
        realised_ratios.order_band,
        realised_ratios.missed_band,
        realised_ratios.realised_ratio,
        realised_ratios.realised_ratio + {{ half_up(passed_on, '1000000') }} as value_multiple,
        realised_ratios.realised_ratio + {{ half_up(passed_on_discounted, '1000000') }} as discounted_multiple
    from realised_ratios
    inner join transitions
        on
            realised_ratios.run_as_of = transitions.run_as_of
            and realised_ratios.order_band = transitions.order_band
            and realised_ratios.missed_band = transitions.missed_band
    inner join after_{{ step - 1 }}_steps as later
        on
            transitions.run_as_of = later.run_as_of
            and transitions.next_order_band = later.order_band
            and transitions.next_missed_band = later.missed_band
    group by
        realised_ratios.run_as_of,
        realised_ratios.order_band,
        realised_ratios.missed_band,
        realised_ratios.realised_ratio
),

{% endfor -%}

final as (
    select
        after_1_steps.run_as_of,
        after_1_steps.order_band,
        after_1_steps.missed_band,
        {% for step, months in months_shown.items() -%}
        after_{{ step }}_steps.value_multiple as value_multiple_{{ months }}m,
        {% endfor -%}
        after_12_steps.discounted_multiple as value_multiple_36m_discounted
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
