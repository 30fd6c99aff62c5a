-- Customers by the month of their first order, and who ordered how many months after it.
select
    cohort_month,
    months_since_first,
    customer_count,
    active_customer_count,
    repeat_customer_count,
    cast(cumulative_net_revenue * 100 as bigint) as cumulative_net_revenue
from marts.customer_cohorts
order by cohort_month, months_since_first
