with
orders as (
    select * from {{ ref('fct_orders') }}
),

as_of as (
    select * from {{ ref('int_as_of_date') }}
),

digits as (
    {% for digit in range(10) -%}
    select {{ digit }} as digit
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- 10,000 years of days: as many as an ISO date can tell.
day_numbers as (
    select
        ones.digit
        + 10 * tens.digit
        + 100 * hundreds.digit
        + 1000 * thousands.digit
        + 10000 * ten_thousands.digit
        + 100000 * hundred_thousands.digit
        + 1000000 * millions.digit as day_number
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands
    cross join digits as hundred_thousands
    cross join digits as millions
    where millions.digit < 4
),

first_date as (
    select min(business_date) as first_business_date
    from orders
),

final as (
    select first_date.first_business_date + day_numbers.day_number as date_day
    from first_date
    cross join as_of
    inner join day_numbers
        on day_numbers.day_number <= as_of.as_of_date - first_date.first_business_date
)

select * from final
