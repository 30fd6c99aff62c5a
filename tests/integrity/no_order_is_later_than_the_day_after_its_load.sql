with
latest_sale as (
    select max(business_date) as business_date
    from {{ ref('int_order_lines') }}
    where line_kind = 'sale'
),

latest_load as (
    select cast(max(_loaded_at) as date) as loaded_on
    from {{ source('sales', 'order_items') }}
),

final as (
    select
        latest_sale.business_date,
        latest_load.loaded_on
    from latest_sale
    cross join latest_load
    where latest_sale.business_date > latest_load.loaded_on + 1
)

select * from final
