create schema raw;

create table raw.order_items (
    app_name varchar, restaurant_id varchar, creation_time_utc timestamp, order_id varchar, user_id varchar,
    printed_card_number_hash varchar, is_loyalty boolean, currency varchar, lineitem_id varchar,
    item_category varchar, item_name varchar, item_price decimal(18, 4), item_quantity bigint,
    _source_file varchar, _source_row_number bigint, _load_id bigint
);
create table raw.order_item_options (
    order_id varchar, lineitem_id varchar, option_group_name varchar, option_name varchar,
    option_price decimal(18, 4), option_quantity bigint,
    _source_file varchar, _source_row_number bigint, _load_id bigint
);
create table raw.date_dim (
    date_key date, year varchar, month varchar, week varchar, day_of_week varchar, is_weekend varchar,
    is_holiday boolean, holiday_name varchar,
    _source_file varchar, _source_row_number bigint, _load_id bigint
);
