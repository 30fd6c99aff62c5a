{{ config(meta={'changed_only': true}) }}

{% set window_months = var('rfm_window_months') %}

with
customer_days as (
    select * from {{ ref('int_customer_days') }}
),

changed_periods as (
    select * from {{ ref('int_changed_periods') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

-- Each month end follows from all before it. Nothing where no complete month has changed.
opening as (
    select min(changed_periods.month_end_date) as month_end_date
    from changed_periods
    inner join as_of
        on changed_periods.month_end_date <= as_of.as_of_date
    having count(*) > 0
),

dated as (
    select
        *,
        {{ month_end('business_date') }} as month_end_date,
        {{ month_end(add_months(month_start('business_date'), window_months)) }} as next_leaving_month_end
    from customer_days
),

-- An order counts in the window of each month end from its own month on, until the first month end whose
-- window begins after it.
movements as (
    select
        customer_id,
        month_end_date,
        business_date as order_date,
        order_count,
        net_revenue as revenue,
        order_count as window_order_count,
        net_revenue as window_revenue
    from dated

    union all

    select
        customer_id,
        case
            when business_date <= {{ add_months('next_leaving_month_end', '-' ~ window_months) }}
                then next_leaving_month_end
            else {{ month_end('next_leaving_month_end + 1') }}
        end as month_end_date,
        cast(null as date) as order_date,
        0 as order_count,
        0 as revenue,
        -order_count as window_order_count,
        -net_revenue as window_revenue
    from dated
),

final as (
    select
        movements.customer_id,
        -- What moved before the first month to build is its opening balance.
        greatest(movements.month_end_date, opening.month_end_date) as month_end_date,
        min(movements.order_date) as first_order_date,
        max(movements.order_date) as last_order_date,
        cast(sum(movements.order_count) as bigint) as order_count,
        {{ money('sum(movements.revenue)') }} as revenue,
        cast(sum(movements.window_order_count) as bigint) as window_order_count,
        {{ money('sum(movements.window_revenue)') }} as window_revenue
    from movements
    cross join opening
    group by movements.customer_id, greatest(movements.month_end_date, opening.month_end_date)
)

select * from final
