select
    item_category,
    item_name,
    item_quantity,
    order_count,
    cast(net_revenue * 100 as bigint) as net_revenue,
    cast(estimated_gross_profit * 100 as bigint) as estimated_gross_profit,
    menu_class
from marts.menu_item_performance
order by item_category, item_name
