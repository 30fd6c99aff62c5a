-- Pricing: which popular dishes earn less a piece than their category?
select
    item_category,
    item_name,
    item_quantity,
    quantity_share_pct,
    {{ average('net_revenue', 'item_quantity') }} as average_price,
    {{ average('estimated_gross_profit', 'item_quantity') }} as estimated_gross_profit_a_piece
from {{ ref('menu_item_performance') }}
where menu_class = 'plowhorse'
order by item_quantity desc, item_category asc, item_name asc
