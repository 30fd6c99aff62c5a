-- What the estimate would have said in the past, beside what came.
select
    cutoff_date,
    horizon_months,
    customers as customer_count,
    cast(predicted_revenue * 100 as bigint) as predicted_revenue,
    cast(actual_revenue * 100 as bigint) as actual_revenue
from marts.expected_value_backtest
where decile = 0 and reason is null
order by cutoff_date
