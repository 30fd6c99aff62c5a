{% set other_basis = 'unit' if var('item_price_basis') == 'line_total' else 'line_total' %}
{% set ratio_of_other_basis = 'between 80 and 125' if other_basis == 'unit' else 'between 160 and 250' %}

with
order_lines as (
    select
        location_id,
        item_name,
        item_quantity,
        {{ hundredths('round(item_price, 2)') }} as price_in_cents
    from {{ ref('int_current_order_lines') }}
    where
        item_quantity in (1, 2)
        and item_price >= 0.01
        and item_name is not null
),

numbered as (
    select
        *,
        row_number() over (
            partition by location_id, item_name, item_quantity
            order by price_in_cents
        ) as position_in_group,
        count(*) over (partition by location_id, item_name, item_quantity) as group_size
    from order_lines
),

median_prices as (
    select
        location_id,
        item_name,
        max(case when item_quantity = 1 then price_in_cents end) as price_of_one,
        max(case when item_quantity = 2 then price_in_cents end) as price_of_two
    from numbered
    where position_in_group = {{ integer_divide('group_size + 1', '2') }}
    group by location_id, item_name
),

ratios as (
    select {{ rounded_quotient('(100 * price_of_two)', 'price_of_one') }} as ratio_pct
    from median_prices
    where
        price_of_one is not null
        and price_of_two is not null
),

numbered_ratios as (
    select
        ratio_pct,
        row_number() over (order by ratio_pct) as position_in_group,
        count(*) over () as pair_count
    from ratios
),

final as (
    select
        'item_price_basis is {{ var("item_price_basis") }}, but the prices look like {{ other_basis }}: run with '
        || '--vars ''{item_price_basis: {{ other_basis }}}''' as finding,
        ratio_pct as median_ratio_pct,
        pair_count
    from numbered_ratios
    where
        position_in_group = {{ integer_divide('pair_count + 1', '2') }}
        and pair_count >= 20
        and ratio_pct {{ ratio_of_other_basis }}
)

select * from final
