with
first_touched_month as (
    select * from {{ ref('int_first_touched_month') }}
),

build_status as (
    select * from {{ source('build_state', 'build_status') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

complete_before_or_now as (
    select first_touched_month.month_end_date
    from first_touched_month
    cross join build_status
    cross join as_of
    where
        first_touched_month.month_end_date <= build_status.as_of_date
        or first_touched_month.month_end_date <= as_of.as_of_date
),

horizons as (
    select {{ whole_number('12') }} as horizon_months
    union all
    select {{ whole_number('3') }} as horizon_months
),

-- Before the first month end it is not known from month ends whether there is a customer.
final as (
    select horizon_months
    from horizons
    where
        exists (select 1 from complete_before_or_now)
        or not exists (select 1 from customer_month_ends)
)

select * from final
