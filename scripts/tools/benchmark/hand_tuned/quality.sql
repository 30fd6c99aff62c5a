-- Where a field cannot be read the load stops, so no row is rejected; and no line comes twice.
create table kept.quality_counts as
with
left_out as (
    select
        items.order_id,
        items.currency = 'USD' as is_excluded_app,
        round(items.item_price, 2) + coalesce(line_options.option_amount, 0)
        - coalesce(line_options.discount_amount, 0) as net_revenue
    from new_items() as items
    left join work.line_options as line_options
        on items.lineitem_id = line_options.lineitem_id
    where
        items.currency <> 'USD'
        or items.app_name in (select app_name from work.excluded_apps)
)
select
    'other_currency_lines' as check_name,
    count(*) as row_count,
    sum(net_revenue) as revenue_affected
from left_out
where not is_excluded_app
union all
select
    'excluded_app_orders' as check_name,
    count(distinct order_id) as row_count,
    sum(net_revenue) as revenue_affected
from left_out
where is_excluded_app
union all
select
    'excluded_customer_orders' as check_name,
    count(*) as row_count,
    sum(net_revenue) as revenue_affected
from new_orders()
where customer_id in (select customer_id from work.excluded_customers)
union all
select
    'guest_orders' as check_name,
    count(*) as row_count,
    sum(net_revenue) as revenue_affected
from new_orders()
where customer_id is null;

create or replace table marts.data_quality_summary as
with
checks (check_name, description) as (
    values
    (
        'rejected_items_wrong_field_count',
        'Order lines with more cells than the header or without one that is needed: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_missing_order_id',
        'Order lines without an order id: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_missing_lineitem_id',
        'Order lines without a line id: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_missing_restaurant_id',
        'Order lines without a restaurant id: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_mangled_id',
        'Order lines with an id that a spreadsheet rewrote, such as 6.13E+23: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_bad_creation_time',
        'Order lines whose time is not ISO 8601 in UTC, or before 1990: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_bad_item_price',
        'Order lines whose price is not a decimal of at most 4 places: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_bad_item_quantity',
        'Order lines whose quantity is not a whole number: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_bad_is_loyalty',
        'Order lines whose loyalty flag is neither TRUE nor FALSE: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_bad_currency',
        'Order lines whose currency is not three letters: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_too_long',
        'Order lines with an id over 64 bytes or a name over 512: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_items_set_aside',
        'Order lines set aside by sales-loader reject: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_wrong_field_count',
        'Options with more cells than the header or without one that is needed: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_missing_order_id',
        'Options without an order id: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_missing_lineitem_id',
        'Options without a line id: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_mangled_id',
        'Options with an id that a spreadsheet rewrote, such as 6.13E+23: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_bad_option_price',
        'Options whose price is not a decimal of at most 4 places: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_bad_option_quantity',
        'Options whose quantity is not a whole number: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_too_long',
        'Options with an id over 64 bytes or a name over 512: kept out of the warehouse, shown by sales-loader rejects'
    ),
    (
        'rejected_options_set_aside',
        'Options set aside by sales-loader reject: kept out of the warehouse, shown by sales-loader rejects'
    ),
    ('superseded_order_lines', 'Order lines replaced by a later version of the same line'),
    ('duplicate_options', 'Exact copies of an option within one load: counted once'),
    ('replaced_option_sets', 'Order lines with options in more than one file: those of the latest file count'),
    ('orphan_options', 'Options whose order line has not arrived: they count once it does'),
    (
        'other_currency_lines',
        'Order lines in another currency than the reporting one: not converted, not in the facts'
    ),
    ('excluded_app_orders', 'Orders of an app in seeds/excluded_apps.csv: left out of everything'),
    (
        'excluded_customer_orders',
        'Orders of a customer in seeds/excluded_customers.csv: sales, but in no customer metric'
    ),
    ('guest_orders', 'Orders without a customer: sales, but in no customer metric')
)
select
    checks.check_name,
    cast(coalesce(sum(counts.row_count), 0) as bigint) as row_count,
    cast(coalesce(sum(counts.revenue_affected), 0) as decimal(18, 2)) as revenue_affected,
    checks.description
from checks
left join kept.quality_counts as counts
    on checks.check_name = counts.check_name
group by checks.check_name, checks.description;
