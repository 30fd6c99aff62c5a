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

customers as (
    select
        customer_totals.customer_id,
        window_starts.as_of_date,
        cast(window_starts.as_of_date - customer_totals.last_order_date as bigint) as recency_days,
        cast(coalesce(orders_in_window.frequency, 0) as bigint) as frequency,
        {{ money('coalesce(orders_in_window.monetary, 0)') }} as monetary
    from customer_totals
    cross join window_starts
    left join orders_in_window
        on customer_totals.customer_id = orders_in_window.customer_id
),

recency_scores as (
    {{ scores('customers', 'recency_days', better='lower') }}
),

frequency_scores as (
    {{ scores('customers', 'frequency', better='higher') }}
),

monetary_scores as (
    {{ scores('customers', 'monetary', better='higher') }}
),

scored as (
    select
        customers.*,
        recency_scores.score as recency_score,
        frequency_scores.score as frequency_score,
        monetary_scores.score as monetary_score
    from customers
    inner join recency_scores
        on customers.recency_days = recency_scores.recency_days
    inner join frequency_scores
        on customers.frequency = frequency_scores.frequency
    inner join monetary_scores
        on customers.monetary = monetary_scores.monetary
),

final as (
    select
        customer_id,
        as_of_date,
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
        {{ rfm_segment('recency_score', 'frequency_score', 'monetary_score') }} as rfm_segment
    from scored
)

select * from final
