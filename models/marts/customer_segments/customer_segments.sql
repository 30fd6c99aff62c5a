with
customer_totals as (
    select * from {{ ref('int_customer_totals') }}
),

customer_days as (
    select * from {{ ref('int_customer_days') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

window_starts as (
    select
        as_of_date,
        {{ add_months('as_of_date', '-' ~ var('rfm_window_months')) }} as window_start
    from as_of
),

-- Joined, so that days before the window are not read.
orders_in_window as (
    select
        customer_days.customer_id,
        sum(customer_days.order_count) as frequency,
        sum(customer_days.net_revenue) as monetary
    from customer_days
    inner join window_starts
        on customer_days.business_date > window_starts.window_start
    group by customer_days.customer_id
),

frequency_scores as (
    {{ scores('orders_in_window', 'frequency') }}
),

monetary_scores as (
    {{ scores('orders_in_window', 'monetary') }}
),

scored as (
    select
        customer_totals.customer_id,
        as_of.as_of_date,
        customer_totals.first_order_date,
        cast(as_of.as_of_date - customer_totals.last_order_date as bigint) as recency_days,
        cast(coalesce(orders_in_window.frequency, 0) as bigint) as frequency,
        {{ money('coalesce(orders_in_window.monetary, 0)') }} as monetary,
        {{ recency_score('(as_of.as_of_date - customer_totals.last_order_date)') }} as recency_score,
        coalesce(frequency_scores.score, 1) as frequency_score,
        coalesce(monetary_scores.score, 1) as monetary_score
    from customer_totals
    cross join as_of
    left join orders_in_window
        on customer_totals.customer_id = orders_in_window.customer_id
    left join frequency_scores
        on orders_in_window.frequency = frequency_scores.frequency
    left join monetary_scores
        on orders_in_window.monetary = monetary_scores.monetary
),

final as (
    select
        customer_id,
        as_of_date,
        first_order_date,
        recency_days,
        frequency,
        monetary,
        recency_score,
        frequency_score,
        monetary_score,
        cast(
            cast(recency_score as varchar(1))
            || cast(frequency_score as varchar(1))
            || cast(monetary_score as varchar(1)) as varchar(3)
        ) as rfm_code,
        {{ rfm_segment('recency_days', 'frequency_score', 'monetary_score', 'as_of_date - first_order_date') }}
            as rfm_segment
    from scored
)

select * from final
