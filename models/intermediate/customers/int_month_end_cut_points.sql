with
states as (
    select * from {{ ref('int_customer_month_end_states') }}
),

-- Customers by value of one measure each. Scores compare those with an order in the window, tiers compare all.
counted as (
    {% for measure in ['frequency', 'monetary', 'lifetime_revenue'] -%}
    select
        month_end_date,
        cast('{{ measure }}' as varchar(16)) as measure,
        {{ money(measure) }} as measured_value,
        count(*) as customer_count
    from states
    {% if measure != 'lifetime_revenue' -%}
    where frequency > 0
    {% endif -%}
    group by month_end_date, {{ measure }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        month_end_date,
        measure,
        measured_value,
        customer_count,
        sum(customer_count) over (
            partition by month_end_date, measure
            order by measured_value
            rows between unbounded preceding and current row
        ) as equal_or_worse_count,
        sum(customer_count) over (partition by month_end_date, measure) as everyone
    from counted
),

final as (
    select
        month_end_date,
        measure,
        {% for fifth in range(1, 5) -%}
        min(case
            when 5 * equal_or_worse_count >= {{ fifth }} * everyone then measured_value
        end) as fifth_{{ fifth }}_cut_point,
        {% endfor -%}
        min(case
            when everyone - equal_or_worse_count + customer_count <= {{ share_var('clv_high_share') }} * everyone
                then measured_value
        end) as high_from,
        max(case
            when equal_or_worse_count <= {{ share_var('clv_low_share') }} * everyone then measured_value
        end) as low_to
    from ranked
    group by month_end_date, measure
)

select * from final
