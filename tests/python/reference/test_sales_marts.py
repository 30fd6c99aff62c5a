"""Sales marts worked by hand: periods, kinds of customers, the year before, peak hours; data quality."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from . import RawTables, Seeds, Settings
from .examples import NOON, item, option, order_on
from .facts import Row
from .rows import by, column_of, only, rows_of


def test_categories_of_one_order_are_each_counted() -> None:
    raw = RawTables([item("o1", "l1"), item("o1", "l2"), item("o1", "l3", category="Tea")])
    rows = rows_of("sales_by_category_weekly", raw)
    counts = {row["item_category"]: column_of(row, "orders_with_category", "item_quantity") for row in rows}
    assert counts == {"Coffee": (1, 2), "Tea": (1, 1)}


# Periods


@pytest.mark.parametrize(
    ("as_of", "week", "month"), [(18, False, False), (19, True, False), (30, True, False), (31, True, True)]
)
def test_a_period_is_complete_from_its_last_day(as_of: int, week: bool, month: bool) -> None:
    rows = [order_on(date(2024, 5, 1), "first", location="r0"), item()]
    settings = Settings(as_of_date=date(2024, 5, as_of))
    for table, is_complete in (("sales_weekly", week), ("sales_monthly", month)):
        found = by("location_id", rows_of(table, RawTables(rows), settings))
        assert found["r1"]["is_complete_period"] is is_complete


@pytest.mark.parametrize(("first", "is_complete"), [(1, True), (3, True), (4, False)])
@pytest.mark.parametrize(
    "table",
    [
        "sales_weekly",
        "sales_by_category_weekly",
        "sales_monthly",
        "sales_by_category_monthly",
        "sales_by_customer_type_monthly",
    ],
)
def test_a_period_is_complete_when_the_data_begin_by_its_third_day(
    table: str, first: int, is_complete: bool
) -> None:
    """April 2024 began on a Monday."""
    raw = RawTables([order_on(date(2024, 4, first), "o1")])
    assert only(table, raw, Settings(as_of_date=date(2024, 4, 30)))["is_complete_period"] is is_complete


@pytest.mark.parametrize("table", ["sales_weekly", "sales_by_category_weekly"])
def test_trading_days_are_of_the_location_whatever_the_row(table: str) -> None:
    monday = datetime(2024, 5, 13, 16)
    rows = [
        item("o1", when=monday),
        item("o2", when=monday + timedelta(hours=6), category="Tea"),
        item("o3", when=monday + timedelta(days=6)),
        item("o4", when=monday + timedelta(days=7)),
        item("o5", when=monday + timedelta(days=1), location="r2"),
    ]
    found = {
        column_of(row, "location_id", "week_start_date", "trading_days")
        for row in rows_of(table, RawTables(rows))
    }
    assert found == {
        ("r1", monday.date(), 2),
        ("r1", monday.date() + timedelta(days=7), 1),
        ("r2", monday.date(), 1),
    }


# Kinds of customers


def test_orders_are_of_guests_of_new_or_of_returning_customers() -> None:
    rows = [
        item("o1", customer=None),
        item("o2", price="5.00", when=NOON + timedelta(hours=1)),
        item("o3", price="2.00", when=NOON + timedelta(hours=2), location="r2"),
        item("o4", customer="excluded"),
        item("o5", customer="excluded", price="1.00", when=NOON + timedelta(days=1)),
    ]
    seeds = Seeds(excluded_customers=frozenset({"excluded"}))
    found = rows_of("sales_by_customer_type_monthly", RawTables(rows), seeds=seeds)
    columns = ("location_id", "customer_type", "order_count", "net_revenue")
    assert {column_of(row, *columns) for row in found} == {
        ("r1", "guest", 1, Decimal(10)),
        ("r1", "new", 2, Decimal(15)),
        ("r1", "returning", 1, Decimal(1)),
        ("r2", "returning", 1, Decimal(2)),
    }


# The same month a year before


def like_for_like(rows: list[tuple[str, str, str]], as_of: date) -> dict[object, Row]:
    """Rows of (location, date, price)."""
    items = [
        order_on(date.fromisoformat(day), f"o{number}", price, location=location)
        for number, (location, day, price) in enumerate(rows)
    ]
    found = rows_of("sales_like_for_like_monthly", RawTables(items), Settings(as_of_date=as_of))
    return by("month_start_date", found)


COMPARABLE = (
    "comparable_location_count",
    "comparable_order_count",
    "comparable_order_count_last_year",
    "comparable_order_count_change_pct",
    "comparable_net_revenue",
    "comparable_net_revenue_last_year",
    "comparable_net_revenue_change_pct",
    "comparable_average_order_value_change_pct",
)
WHOLE = ("location_count", "order_count", "net_revenue", "net_revenue_last_year", "net_revenue_change_pct")


def test_like_for_like_holds_locations_that_were_open_in_both_months() -> None:
    months = like_for_like(
        [
            ("gone", "2023-05-02", "4.00"),
            ("stays", "2023-05-03", "10.00"),
            ("stays", "2024-05-10", "10.00"),
            ("stays", "2024-05-31", "12.00"),
            ("opened on day 4", "2023-05-04", "5.00"),
            ("opened on day 4", "2024-05-05", "9.00"),
        ],
        date(2024, 5, 31),
    )
    assert list(months) == [date(2023, 5, 1), date(2024, 5, 1)]
    first, second = months.values()
    assert column_of(first, *WHOLE) == (3, 3, Decimal(19), None, None)
    assert column_of(first, *COMPARABLE) == (None,) * 8
    assert column_of(second, *WHOLE) == (2, 3, Decimal(31), Decimal(19), Decimal("63.16"))
    comparable = (1, 2, 1, Decimal(100), Decimal(22), Decimal(10), Decimal(120), Decimal(10))
    assert column_of(second, *COMPARABLE) == comparable


def test_a_year_before_that_is_complete_and_empty_is_zero() -> None:
    rows = [("old", "2022-06-01", "1.00"), ("new", "2024-05-05", "9.00")]
    months = like_for_like(rows, date(2024, 5, 31))
    assert list(months) == [date(2022, 6, 1), date(2024, 5, 1)]
    assert column_of(months[date(2024, 5, 1)], *WHOLE) == (1, 1, Decimal(9), Decimal(0), None)
    nothing = (0, 0, 0, None, Decimal(0), Decimal(0), None, None)
    assert column_of(months[date(2024, 5, 1)], *COMPARABLE) == nothing


def test_only_complete_months_are_compared() -> None:
    rows = [("r1", "2023-05-04", "1.00"), ("r1", "2023-06-04", "1.00"), ("r1", "2024-05-04", "1.00")]
    assert list(like_for_like(rows, date(2024, 5, 30))) == [date(2023, 6, 1)]
    months = like_for_like(rows, date(2024, 5, 31))
    assert list(months) == [date(2023, 6, 1), date(2024, 5, 1)]
    assert months[date(2024, 5, 1)]["net_revenue_last_year"] is None


def test_a_year_before_below_zero_gives_no_change() -> None:
    rows = [("r1", "2023-05-01", "-3.00"), ("r1", "2024-05-04", "1.00")]
    row = like_for_like(rows, date(2024, 5, 31))[date(2024, 5, 1)]
    assert column_of(row, *WHOLE) == (1, 1, Decimal(1), Decimal(-3), None)
    changes = (1, 1, 1, Decimal(0), Decimal(1), Decimal(-3), None, None)
    assert column_of(row, *COMPARABLE) == changes


# Peak hours


def test_peak_hours_are_per_day_observed() -> None:
    wednesday = date(2024, 5, 1)
    rows = [order_on(wednesday + timedelta(days=days), f"o{days}") for days in (0, 1, 14)]
    columns = ("iso_day_of_week", "days_observed", "average_orders", "average_net_revenue", "peak_rank")
    assert [column_of(row, *columns) for row in rows_of("sales_peak_hours", RawTables(rows))] == [
        (3, 3, Decimal("0.67"), Decimal("6.67"), 1),
        (4, 2, Decimal("0.50"), Decimal("5.00"), 2),
    ]


def test_peak_hours_look_at_the_last_days_only() -> None:
    days = {"r1": (1, 15, 16, 22, 24), "r2": (22,), "r3": (1, 14)}
    rows = [
        order_on(date(2024, 5, day), f"{location}-{day}", location=location)
        for location, own in days.items()
        for day in own
    ]
    settings = Settings(as_of_date=date(2024, 5, 29), peak_hours_window_days=14)
    found = rows_of("sales_peak_hours", RawTables(rows), settings)
    columns = ("location_id", "iso_day_of_week", "days_observed", "order_count")
    assert {column_of(row, *columns) for row in found} == {
        ("r1", 3, 1, 1),
        ("r1", 4, 2, 1),
        ("r1", 5, 2, 1),
        ("r2", 3, 1, 1),
    }


# Data quality


def test_refunds_and_negative_lines_are_counted() -> None:
    rows = [
        item("o1", price="-5.00"),
        item("o2", "l1"),
        item("o2", "l2", "-3.00"),
        item("o3", price="0"),
        item("o4", price="1.00"),
    ]
    raw = RawTables(rows, [option("o4", price="-1.50")])
    found = by("check_name", rows_of("data_quality_summary", raw))
    columns = ("row_count", "revenue_affected")
    assert column_of(found["refund_orders"], *columns) == (2, Decimal("-5.50"))
    assert column_of(found["negative_item_lines"], *columns) == (2, Decimal("-8.00"))
