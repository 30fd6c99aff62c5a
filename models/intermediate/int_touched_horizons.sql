with
first_changed_month as (
    select * from {{ ref('int_first_changed_month') }}
),

run_state as (
    select * from {{ source('run_state', 'run_state') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

customer_month_ends as (
    select * from {{ ref('customer_month_end') }}
),

complete_before_or_now as (
    select first_changed_month.month_end_date
    from first_changed_month
    cross join run_state
    cross join as_of
    where
        first_changed_month.month_end_date <= run_state.as_of_date
        or first_changed_month.month_end_date <= as_of.as_of_date
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
