"""The core tables: facts and dimensions."""

from datetime import date

from .cleaning import clean
from .days import days_between, month_start, week_start
from .exact import money
from .facts import Facts, Head, Line, Order, Row, Tables, group_by, location_name, location_timezone, totals
from .history import customer_order_numbers, orders_by_customer
from .inputs import DateDim, LocationSeed, RawTables, Seeds, Settings

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def core_tables(raw: RawTables, facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the two fact tables and the three dimensions."""
    numbers = customer_order_numbers(facts)
    return {
        "fct_order_lines": [_line_row(line) for order in facts.orders for line in order.lines],
        "fct_orders": [_order_row(order, numbers.get(order.head.order_id)) for order in facts.orders],
        "dim_customers": [
            _customer_row(customer_id, orders, customer_id in seeds.excluded_customers)
            for customer_id, orders in orders_by_customer(facts).items()
        ],
        "dim_locations": [
            _location_row(location_id, orders, settings, seeds)
            for location_id, orders in group_by(facts.orders, lambda order: order.head.location_id).items()
        ],
        "dim_dates": _date_rows(raw.date_dim, facts),
    }


def _head_columns(head: Head) -> Row:
    return {
        "customer_id": head.customer_id,
        "location_id": head.location_id,
        "app_name": head.app_name,
        "ordered_at_utc": head.ordered_at_utc,
        "ordered_at_local": head.ordered_at_local,
        "business_date": head.business_date,
        "order_hour": head.order_hour,
        "daypart": head.daypart,
    }


def _line_row(line: Line) -> Row:
    return {
        "order_id": line.head.order_id,
        "lineitem_id": line.lineitem_id,
        **_head_columns(line.head),
        "item_category": line.item_category,
        "item_name": line.item_name,
        "item_quantity": line.item_quantity,
        "item_amount": money(line.item_amount),
        "option_amount": money(line.option_amount),
        "gross_revenue": money(line.gross),
        "discount_amount": money(line.discount),
        "net_revenue": money(line.net),
        "is_discounted": line.discount > 0,
        "is_loyalty": line.head.is_loyalty,
    }


def _order_row(order: Order, customer_order_number: int | None) -> Row:
    return {
        "order_id": order.head.order_id,
        **_head_columns(order.head),
        "is_loyalty": order.head.is_loyalty,
        "line_count": len(order.lines),
        **totals([order]),
        "is_discounted": order.is_discounted,
        "customer_order_number": customer_order_number,
    }


def _customer_row(customer_id: str, orders: list[Order], is_excluded: bool) -> Row:
    dates = [order.head.business_date for order in orders]
    loyalty_dates = [order.head.business_date for order in orders if order.head.is_loyalty]
    return {
        "customer_id": customer_id,
        "first_order_date": min(dates),
        "last_order_date": max(dates),
        "order_count": len(orders),
        "is_loyalty_member": bool(loyalty_dates),
        "loyalty_joined_date": loyalty_dates[0] if loyalty_dates else None,
        "first_location_id": orders[0].head.location_id,
        "is_excluded": is_excluded,
    }


def _location_row(location_id: str, orders: list[Order], settings: Settings, seeds: Seeds) -> Row:
    seed = seeds.locations.get(location_id, LocationSeed())
    dates = [order.head.business_date for order in orders]
    return {
        "location_id": location_id,
        "location_name": location_name(location_id, seeds),
        "region": seed.region,
        "timezone": location_timezone(location_id, settings, seeds),
        "opened_on": seed.opened_on,
        "first_order_date": min(dates),
        "last_order_date": max(dates),
    }


def _date_rows(calendar: list[DateDim], facts: Facts) -> list[Row]:
    oldest_first = sorted(calendar, key=lambda row: (row.load_id, row.source_row_number))
    holidays = {row.date_key: row for row in oldest_first}
    if facts.span is None:
        return []
    return [_date_row(day, holidays.get(day)) for day in days_between(*facts.span)]


def _date_row(day: date, calendar: DateDim | None) -> Row:
    iso = day.isocalendar()
    return {
        "date_day": day,
        "year": day.year,
        "quarter": (day.month + 2) // 3,
        "month_number": day.month,
        "month_name": MONTHS[day.month - 1],
        "month_start_date": month_start(day),
        "iso_year": iso.year,
        "iso_week": iso.week,
        "week_start_date": week_start(day),
        "iso_day_of_week": iso.weekday,
        "day_name": WEEKDAYS[iso.weekday - 1],
        "is_weekend": iso.weekday >= 6,
        "is_holiday": calendar.is_holiday if calendar else None,
        "holiday_name": clean(calendar.holiday_name) if calendar else None,
    }
