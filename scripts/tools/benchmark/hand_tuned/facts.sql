-- Local time is UTC plus an offset that stays the same within a quarter of an hour, so the calendar is asked
-- once for each quarter and time zone and not once for each line.
create table work.offsets as
with
time_zones as (
    select distinct coalesce(timezone, 'America/New_York') as timezone
    from work.locations
    union
    select 'America/New_York' as timezone
),
period as (
    select min(creation_time_utc) as first_time, max(creation_time_utc) as last_time
    from new_items()
),
quarters as (
    select unnest(generate_series(
        time_bucket(interval 15 minutes, first_time), last_time, interval 15 minutes
    )) as quarter
    from period
)
select
    timezone,
    cast(epoch(quarter) as bigint) // 900 as quarter_number,
    to_microseconds(
        epoch_us(quarter at time zone 'UTC' at time zone timezone) - epoch_us(quarter)
    ) as utc_offset
from quarters
cross join time_zones;

create table work.line_options as
select
    lineitem_id,
    cast(sum(greatest(amount, 0)) as decimal(18, 2)) as option_amount,
    cast(sum(greatest(-amount, 0)) as decimal(18, 2)) as discount_amount
from (
    select
        lineitem_id,
        cast(round(
            cast(option_price as decimal(20, 4)) * cast(option_quantity as decimal(9, 0)), 2
        ) as decimal(18, 2)) as amount
    from new_options()
    where option_price <> 0
)
group by lineitem_id;

-- Left to itself DuckDB expects far fewer lines than come and puts all of them into the hash table of the join.
set disabled_optimizers = 'build_side_probe_side';

create table marts.fct_order_lines as
with
located as (
    select
        items.order_id,
        items.lineitem_id,
        items.user_id as customer_id,
        items.restaurant_id as location_id,
        items.app_name,
        items.creation_time_utc as ordered_at_utc,
        items.creation_time_utc + offsets.utc_offset as ordered_at_local,
        coalesce(corrections.corrected, items.item_category, 'Uncategorised') as item_category,
        case
            when contains(items.item_name, chr(10)) then regexp_replace(items.item_name, '[ \r\n]+', ' ', 'g')
            else items.item_name
        end as item_name,
        items.item_quantity,
        cast(round(items.item_price, 2) as decimal(18, 2)) as item_amount,
        coalesce(line_options.option_amount, 0) as option_amount,
        coalesce(line_options.discount_amount, 0) as discount_amount,
        items.is_loyalty
    from new_items() as items
    left join work.locations as locations
        on items.restaurant_id = locations.location_id
    inner join work.offsets as offsets
        on
            coalesce(locations.timezone, 'America/New_York') = offsets.timezone
            and cast(epoch_us(items.creation_time_utc) // 900000000 as bigint) = offsets.quarter_number
    left join work.line_options as line_options
        on items.lineitem_id = line_options.lineitem_id
    left join work.menu_category_corrections as corrections
        on items.item_category = corrections.raw
    left join work.excluded_apps as excluded_apps
        on items.app_name = excluded_apps.app_name
    where
        items.currency = 'USD'
        and excluded_apps.app_name is null
)
select
    located.order_id,
    located.lineitem_id,
    located.customer_id,
    located.location_id,
    located.app_name,
    located.ordered_at_utc,
    located.ordered_at_local,
    cast(located.ordered_at_local as date) as business_date,
    dayparts.hour as order_hour,
    dayparts.daypart,
    located.item_category,
    located.item_name,
    located.item_quantity,
    located.item_amount,
    located.option_amount,
    cast(located.item_amount + located.option_amount as decimal(18, 2)) as gross_revenue,
    located.discount_amount,
    cast(
        located.item_amount + located.option_amount - located.discount_amount as decimal(18, 2)
    ) as net_revenue,
    located.discount_amount > 0 as is_discounted,
    located.is_loyalty
from located
left join work.dayparts as dayparts
    on hour(located.ordered_at_local) = dayparts.hour;

reset disabled_optimizers;

create table work.orders as
select
    lines.order_id,
    any_value(lines.customer_id) as customer_id,
    any_value(lines.location_id) as location_id,
    any_value(lines.app_name) as app_name,
    any_value(lines.ordered_at_utc) as ordered_at_utc,
    any_value(lines.ordered_at_local) as ordered_at_local,
    any_value(lines.daypart) as daypart,
    any_value(lines.is_loyalty) as is_loyalty,
    count(*) as line_count,
    cast(sum(lines.item_quantity) as bigint) as item_quantity,
    cast(sum(lines.gross_revenue) as decimal(18, 2)) as gross_revenue,
    cast(sum(lines.discount_amount) as decimal(18, 2)) as discount_amount
from new_lines() as lines
group by lines.order_id;

create table marts.fct_orders as
select
    orders.order_id,
    orders.customer_id,
    orders.location_id,
    orders.app_name,
    orders.ordered_at_utc,
    orders.ordered_at_local,
    cast(orders.ordered_at_local as date) as business_date,
    cast(hour(orders.ordered_at_local) as bigint) as order_hour,
    orders.daypart,
    orders.is_loyalty,
    orders.line_count,
    orders.item_quantity,
    orders.gross_revenue,
    orders.discount_amount,
    cast(orders.gross_revenue - orders.discount_amount as decimal(18, 2)) as net_revenue,
    orders.discount_amount > 0 as is_discounted,
    case
        when orders.customer_id is not null
            then coalesce(known_customers.order_count, 0) + row_number() over (
                partition by orders.customer_id order by orders.ordered_at_utc, orders.order_id
            )
    end as customer_order_number
from work.orders as orders
left join known_customers() as known_customers
    on orders.customer_id = known_customers.customer_id;

create table kept.customers as
select
    orders.customer_id,
    cast(getvariable('last_customer_key') + row_number() over () as integer) as customer_key,
    excluded_customers.customer_id is not null as is_excluded
from (select distinct customer_id from new_orders() where customer_id is not null) as orders
anti join known_customers() as known_customers
    on orders.customer_id = known_customers.customer_id
left join work.excluded_customers as excluded_customers
    on orders.customer_id = excluded_customers.customer_id;
