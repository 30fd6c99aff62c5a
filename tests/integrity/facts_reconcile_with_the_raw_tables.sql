{% set item_quantity_factor = '* sold.item_quantity' if var('item_price_basis') == 'unit' else '' %}
{% set option_quantity_factor = '* sold.item_quantity' if var('option_price_basis') == 'per_unit' else '' %}

{# Without the variable every order counts, on either side: that of an excluded app may be later than the last sale. #}
{% set as_of_date = "cast('" ~ var('as_of_date') ~ "' as date)" %}
{% set later = business_date('ordered_at_local') ~ ' > ' ~ as_of_date if var('as_of_date') else '1 = 0' %}
{% set not_later = 'business_date <= ' ~ as_of_date if var('as_of_date') else '1 = 1' %}

{# A daily run recomputes the orders that it has changed, any other run all of them. #}
{% set changed_orders = '(select changes.order_id from ' ~ ref('int_changed_orders') ~ ' as changes)' %}
{% set of_changed_orders = 'where order_id in ' ~ changed_orders if tests_changed_rows_only() else '' %}
{% set run_state = source('run_state', 'run_state') %}
{% set seen = '_load_id <= (select run_state.seen_load_id from ' ~ run_state ~ ' as run_state)' %}

with
all_lines as (
    select
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('lineitem_id') }} as lineitem_id,
        {{ clean_text('restaurant_id') }} as location_id,
        creation_time_utc,
        currency,
        cast(item_price as decimal(20, 4)) as item_price,
        cast(item_quantity as decimal(9, 0)) as item_quantity,
        _load_id,
        _source_row_number
    from {{ source('sales', 'order_items') }}
    where {{ seen }}
),

landed_lines as (
    select * from all_lines
    {{ of_changed_orders }}
),

-- Few lines come more than once, so these are told from the others instead of numbering all.
repeated_lines as (
    select
        order_id,
        lineitem_id,
        max(_load_id) as _load_id
    from landed_lines
    group by order_id, lineitem_id
    having count(*) > 1
),

last_rows as (
    select
        landed_lines.order_id,
        landed_lines.lineitem_id,
        landed_lines._load_id,
        max(landed_lines._source_row_number) as _source_row_number
    from landed_lines
    inner join repeated_lines
        on
            landed_lines.order_id = repeated_lines.order_id
            and landed_lines.lineitem_id = repeated_lines.lineitem_id
            and landed_lines._load_id = repeated_lines._load_id
    group by landed_lines.order_id, landed_lines.lineitem_id, landed_lines._load_id
),

lines as (
    select landed_lines.*
    from landed_lines
    left join last_rows
        on
            landed_lines.order_id = last_rows.order_id
            and landed_lines.lineitem_id = last_rows.lineitem_id
    where
        last_rows.order_id is null
        or (
            landed_lines._load_id = last_rows._load_id
            and landed_lines._source_row_number = last_rows._source_row_number
        )
),

all_options as (
    select distinct
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('lineitem_id') }} as lineitem_id,
        {{ clean_text('option_group_name') }} as option_group_name,
        {{ clean_text('option_name') }} as option_name,
        cast(option_price as decimal(20, 4)) as option_price,
        cast(option_quantity as decimal(9, 0)) as option_quantity,
        _load_id
    from {{ source('sales', 'order_item_options') }}
    where {{ seen }}
),

landed_options as (
    select * from all_options
    {{ of_changed_orders }}
),

repeated_options as (
    select
        order_id,
        lineitem_id,
        max(_load_id) as _load_id
    from landed_options
    group by order_id, lineitem_id
    having min(_load_id) < max(_load_id)
),

chosen_options as (
    select landed_options.*
    from landed_options
    left join repeated_options
        on
            landed_options.order_id = repeated_options.order_id
            and landed_options.lineitem_id = repeated_options.lineitem_id
    where
        repeated_options.order_id is null
        or landed_options._load_id = repeated_options._load_id
),

order_times as (
    select
        order_id,
        min(creation_time_utc) as ordered_at_utc
    from lines
    group by order_id
),

header_lines as (
    select
        lines.order_id,
        min(lines.lineitem_id) as lineitem_id
    from lines
    inner join order_times
        on
            lines.order_id = order_times.order_id
            and lines.creation_time_utc = order_times.ordered_at_utc
    group by lines.order_id
),

local_times as (
    select
        lines.order_id,
        {{ utc_to_local(
            'lines.creation_time_utc', "coalesce(locations.timezone, '" ~ var('default_timezone') ~ "')"
        ) }} as ordered_at_local
    from lines
    inner join header_lines
        on
            lines.order_id = header_lines.order_id
            and lines.lineitem_id = header_lines.lineitem_id
    left join {{ ref('locations') }} as locations
        on lines.location_id = locations.location_id
),

later_orders as (
    select order_id
    from local_times
    where {{ later }}
),

counted_lines as (
    select *
    from lines
    where
        currency = '{{ var("reporting_currency") | upper }}'
        and order_id not in (select later_orders.order_id from later_orders)
),

raw_totals as (
    select
        (
            select coalesce(sum(round(sold.item_price {{ item_quantity_factor }}, 2)), 0)
            from counted_lines as sold
        ) + (
            select
                coalesce(sum(round(chosen.option_price * chosen.option_quantity {{ option_quantity_factor }}, 2)), 0)
            from chosen_options as chosen
            inner join counted_lines as sold
                on
                    chosen.order_id = sold.order_id
                    and chosen.lineitem_id = sold.lineitem_id
        ) as net_revenue,
        (select count(distinct order_id) from counted_lines) as order_count,
        (select count(*) from lines) as line_count
),

excluded_lines as (
    select * from {{ ref('int_excluded_lines') }}
    {{ of_changed_orders }}
),

excluded_apps as (
    select
        coalesce(sum(net_revenue), 0) as revenue_affected,
        count(distinct order_id) as row_count
    from excluded_lines
    where
        line_kind = 'excluded_app'
        and {{ not_later }}
),

mart_totals as (
    select
        (select coalesce(sum(net_revenue), 0) from {{ ref('fct_order_lines') }} {{ of_changed_orders }}) as net_revenue,
        (select count(*) from {{ ref('fct_orders') }} {{ of_changed_orders }}) as order_count,
        (select count(*) from {{ ref('fct_order_lines') }} {{ of_changed_orders }})
        + (select count(*) from excluded_lines) as line_count,
        (select coalesce(sum(order_count), 0) from {{ ref('sales_daily') }}) as all_daily_orders,
        (select count(*) from {{ ref('fct_orders') }}) as all_orders
),

final as (
    select
        raw_totals.net_revenue as raw_revenue,
        mart_totals.net_revenue as fact_revenue,
        excluded_apps.revenue_affected as excluded_revenue,
        raw_totals.order_count as raw_orders,
        mart_totals.order_count as mart_orders,
        excluded_apps.row_count as excluded_orders,
        raw_totals.line_count as raw_lines,
        mart_totals.line_count as current_lines
    from raw_totals
    cross join mart_totals
    cross join excluded_apps
    where
        raw_totals.net_revenue <> mart_totals.net_revenue + excluded_apps.revenue_affected
        or raw_totals.order_count <> mart_totals.order_count + excluded_apps.row_count
        or raw_totals.line_count <> mart_totals.line_count
        or mart_totals.all_daily_orders <> mart_totals.all_orders
)

select * from final
