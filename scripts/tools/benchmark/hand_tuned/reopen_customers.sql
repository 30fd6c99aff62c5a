delete from marts.dim_customers
where customer_id in (select customer_id from new_orders());

-- What was a customer's last word ends where the new day begins.
update marts.customer_lifetime_value_history as history
set valid_to = orders.business_date
from (
    select
        customer_id,
        min(business_date) as business_date
    from new_orders()
    where customer_id is not null
    group by customer_id
) as orders
where
    history.customer_id = orders.customer_id
    and history.valid_to is null;
