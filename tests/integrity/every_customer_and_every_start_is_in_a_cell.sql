with
month_ends as (
    select distinct month_end_date
    from {{ ref('customer_month_end') }}
),

as_of as (
    select as_of_date
    from {{ ref('int_as_of_date') }}
),

-- A start has three later month ends; the latest expected_value_start_count of them count.
starts as (
    select
        month_ends.month_end_date,
        count(later.month_end_date) as later_month_ends
    from month_ends
    inner join month_ends as later
        on month_ends.month_end_date < later.month_end_date
    group by month_ends.month_end_date
    having count(later.month_end_date) between 3 and 2 + {{ var('expected_value_start_count') }}
),

past_states as (
    select count(*) as row_count
    from {{ ref('customer_month_end') }} as customer_month_end
    inner join starts
        on customer_month_end.month_end_date = starts.month_end_date
),

customers as (
    select count(*) as row_count
    from {{ ref('customer_expected_value') }}
    where reason is null
),

cells as (
    select
        count(*) as cell_count,
        coalesce(sum(starts), 0) as starts,
        coalesce(sum(customers), 0) as customers
    from {{ ref('expected_value_cells') }}
),

-- Where too few customers are alike for any cell, nothing is estimated and starts are in none.
final as (
    select
        as_of.as_of_date,
        past_states.row_count as expected_starts,
        cells.starts,
        customers.row_count as expected_customers,
        cells.customers
    from as_of
    cross join past_states
    cross join customers
    cross join cells
    where
        (cells.cell_count > 0 and past_states.row_count <> cells.starts)
        or customers.row_count <> cells.customers
)

select * from final
