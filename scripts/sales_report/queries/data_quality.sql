-- What was found in the delivered files, and what became of it.
select
    check_name,
    row_count,
    cast(revenue_affected * 100 as bigint) as revenue_affected,
    description
from marts.data_quality_summary
order by check_name
