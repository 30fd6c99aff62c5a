create table kept.discount_months as
select
    cast(date_trunc('month', ordered_at_local) as date) as month_start_date,
    location_id,
    discount_amount > 0 as is_discounted,
    count(*) as order_count,
    cast(sum(item_quantity) as bigint) as item_quantity,
    cents(sum(gross_revenue)) as gross_cents,
    cents(sum(discount_amount)) as discount_cents,
    cents(sum(gross_revenue - discount_amount)) as net_cents,
    sum(food_cost) as food_cost
from work.orders
group by all;

create table kept.discounts_used as
select distinct
    coalesce(options.option_group_name, '(none)') as option_group_name,
    coalesce(options.option_name, '(none)') as option_name,
    lines.order_id,
    lines.location_id,
    lines.business_date
from new_options() as options
inner join new_lines() as lines
    on options.lineitem_id = lines.lineitem_id
where options.option_price < 0;

create or replace table marts.discount_effectiveness_monthly as
with
totals as (
    select
        month_start_date,
        location_id,
        is_discounted,
        cast(sum(order_count) as bigint) as order_count,
        cast(sum(item_quantity) as bigint) as item_quantity,
        sum(gross_cents) as gross_cents,
        sum(discount_cents) as discount_cents,
        sum(net_cents) as net_cents,
        rounded(sum(food_cost), 10000) as food_cents
    from kept.discount_months
    group by month_start_date, location_id, is_discounted
)
select
    month_start_date,
    location_id,
    is_discounted,
    order_count,
    item_quantity,
    hundredth(gross_cents) as gross_revenue,
    hundredth(discount_cents) as discount_amount,
    hundredth(net_cents) as net_revenue,
    hundredth(food_cents) as estimated_food_cost,
    hundredth(net_cents - food_cents) as estimated_gross_profit
from totals;

create or replace table marts.discount_effectiveness as
with
totals as (
    select
        kinds.is_discounted,
        cast(coalesce(sum(months.order_count), 0) as bigint) as order_count,
        cast(coalesce(sum(months.item_quantity), 0) as bigint) as item_quantity,
        cast(coalesce(sum(months.gross_cents), 0) as bigint) as gross_cents,
        cast(coalesce(sum(months.discount_cents), 0) as bigint) as discount_cents,
        cast(coalesce(sum(months.net_cents), 0) as bigint) as net_cents,
        cast(rounded(coalesce(sum(months.food_cost), 0), 10000) as bigint) as food_cents
    from (values (true), (false)) as kinds (is_discounted)
    left join kept.discount_months as months
        on kinds.is_discounted = months.is_discounted
    group by kinds.is_discounted
)
select
    is_discounted,
    order_count,
    percentage(order_count, sum(order_count) over ()) as order_share_pct,
    item_quantity,
    hundredth(gross_cents) as gross_revenue,
    hundredth(discount_cents) as discount_amount,
    hundredth(net_cents) as net_revenue,
    average(gross_cents, order_count) as average_gross_order_value,
    average(net_cents, order_count) as average_order_value,
    percentage(discount_cents, gross_cents) as average_discount_pct,
    hundredth(food_cents) as estimated_food_cost,
    hundredth(net_cents - food_cents) as estimated_gross_profit,
    percentage(net_cents - food_cents, net_cents) as estimated_margin_pct
from totals;

create or replace table marts.discount_before_after as
with
discounts as (
    select
        option_group_name,
        option_name,
        min(business_date) as first_used_date,
        max(business_date) as last_used_date,
        count(distinct order_id) as discounted_order_count,
        count(distinct location_id) as location_count
    from kept.discounts_used
    group by option_group_name, option_name
),
places as (
    select distinct
        discounts.option_group_name,
        discounts.option_name,
        discounts.first_used_date,
        discounts_used.location_id
    from discounts
    inner join kept.discounts_used as discounts_used
        on
            discounts.option_group_name = discounts_used.option_group_name
            and discounts.option_name = discounts_used.option_name
),
windows as (
    select
        places.option_group_name,
        places.option_name,
        sum(sales.order_count) filter (where sales.business_date < places.first_used_date) as orders_before,
        sum(sales.order_count) filter (where sales.business_date >= places.first_used_date) as orders_after,
        sum(sales.net_revenue) filter (where sales.business_date < places.first_used_date) as revenue_before,
        sum(sales.net_revenue) filter (where sales.business_date >= places.first_used_date) as revenue_after
    from places
    inner join marts.sales_daily as sales
        on
            places.location_id = sales.location_id
            and sales.business_date >= places.first_used_date - 28
            and sales.business_date < places.first_used_date + 28
    group by places.option_group_name, places.option_name
),
judged as (
    select
        discounts.*,
        cast(coalesce(windows.orders_before, 0) as bigint) as orders_before,
        cast(coalesce(windows.orders_after, 0) as bigint) as orders_after,
        cents(coalesce(windows.revenue_before, 0)) as cents_before,
        cents(coalesce(windows.revenue_after, 0)) as cents_after,
        discounts.first_used_date - 28 >= (select min(business_date) from marts.sales_daily)
        and discounts.first_used_date + 27 <= getvariable('as_of') as is_window_complete
    from discounts
    inner join windows
        on
            discounts.option_group_name = windows.option_group_name
            and discounts.option_name = windows.option_name
)
select
    option_group_name,
    option_name,
    first_used_date,
    last_used_date,
    discounted_order_count,
    location_count,
    orders_before as order_count_before,
    hundredth(cents_before) as net_revenue_before,
    orders_after as order_count_after,
    hundredth(cents_after) as net_revenue_after,
    case when is_window_complete then percentage(orders_after - orders_before, orders_before) end
        as order_count_change_pct,
    case when is_window_complete then percentage(cents_after - cents_before, cents_before) end
        as net_revenue_change_pct,
    is_window_complete
from judged;
