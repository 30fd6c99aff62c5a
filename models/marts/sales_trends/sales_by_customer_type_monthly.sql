with
orders as (
    select * from {{ ref('fct_orders') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

typed as (
    select
        *,
        {{ month_start('business_date') }} as month_start_date,
        cast(case
            when customer_id is null then 'guest'
            when customer_order_number = 1 then 'new'
            else 'returning'
        end as varchar(16)) as customer_type
    from orders
),

totals as (
    select
        month_start_date,
        location_id,
        customer_type,
        cast(count(*) as bigint) as order_count,
        {{ money('sum(gross_revenue)') }} as gross_revenue,
        {{ money('sum(discount_amount)') }} as discount_amount,
        {{ money('sum(net_revenue)') }} as net_revenue
    from typed
    group by month_start_date, location_id, customer_type
),

final as (
    select
        totals.*,
        {{ is_complete_period('totals.month_start_date', month_end('totals.month_start_date')) }} as is_complete_period
    from totals
    cross join as_of
)

select * from final
