"""Marts of locations, discounts and the menu worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

from . import RawTables, Seeds, Settings
from .examples import NOON, item, option, order_on
from .facts import Row
from .rows import by, column_of, only, rows_of

# Locations


def test_location_performance() -> None:
    monday = date(2024, 5, 13)
    buyers = [(0, "c1"), (1, "c1"), (1, "c2"), (7, "c3"), (7, "c1"), (7, "excluded")]
    rows = [
        order_on(monday + timedelta(days=days), f"o{number}", customer=customer)
        for number, (days, customer) in enumerate(buyers)
    ]
    other = order_on(monday, "x", "30", location="r2")
    seeds = Seeds(excluded_customers=frozenset({"excluded"}))
    first, second = rows_of("location_performance", RawTables([*rows, other]), seeds=seeds)
    counts = ("trading_days", "trading_weeks", "open_days", "order_count", "customer_count")
    assert column_of(first, *counts) == (3, 2, 8, 6, 3)
    assert column_of(first, "first_time_customer_count", "repeat_customer_rate") == (3, Decimal("0.3333"))
    assert column_of(second, "first_time_customer_count", "repeat_customer_rate") == (0, Decimal(0))
    pace = ("orders_per_day", "orders_per_week", "orders_per_open_day")
    assert column_of(first, *pace) == (Decimal(2), Decimal("5.25"), Decimal("0.75"))
    standing = ("revenue_share_pct", "revenue_rank", "performance_band")
    assert column_of(first, *standing) == (Decimal("66.67"), 1, "middle")
    assert column_of(second, *standing) == (Decimal("33.33"), 2, "middle")


def year_of_locations() -> dict[object, Row]:
    """The last day of 2024: recent days begin on 2 October, those a year before on 4 October 2023."""
    sold = {
        "comparable": [
            ("2023-10-04", "10"),
            ("2024-01-02", "20"),
            ("2024-01-03", "99"),
            ("2024-10-01", "50"),
            ("2024-10-02", "30"),
            ("2024-12-31", "36"),
        ],
        "a day too late": [("2023-10-05", "10"), ("2024-12-31", "5")],
        "new": [("2024-12-30", "10"), ("2024-12-31", "10")],
        "closed": [("2023-10-01", "500")],
        "newest": [("2024-12-31", "1")],
        "closed that autumn": [("2022-01-01", "50"), ("2024-12-31", "9")],
    }
    rows = [
        order_on(date.fromisoformat(day), f"{location} {day}", price, location=location)
        for location, own in sold.items()
        for day, price in own
    ]
    return by("location_id", rows_of("location_performance", RawTables(rows)))


def test_the_recent_period_ranks_by_revenue_a_day() -> None:
    columns = (
        "recent_days",
        "recent_order_count",
        "recent_net_revenue",
        "recent_net_revenue_per_day",
        "recent_revenue_rank",
        "recent_performance_band",
    )
    assert {name: column_of(row, *columns) for name, row in year_of_locations().items()} == {
        "comparable": (91, 2, Decimal(66), Decimal("0.73"), 3, "middle"),
        "a day too late": (91, 1, Decimal(5), Decimal("0.05"), 5, "middle"),
        "new": (2, 2, Decimal(20), Decimal(10), 1, "top"),
        "closed": (91, 0, Decimal(0), Decimal(0), 6, "bottom"),
        "newest": (1, 1, Decimal(1), Decimal(1), 2, "middle"),
        "closed that autumn": (91, 1, Decimal(9), Decimal("0.10"), 4, "middle"),
    }
    assert year_of_locations()["closed"]["performance_band"] == "top"


def test_a_location_is_compared_with_the_same_weekdays_a_year_before() -> None:
    columns = (
        "is_comparable",
        "net_revenue_change_pct",
        "order_count_change_pct",
        "average_order_value_change_pct",
    )
    nothing = (False, None, None, None)
    assert {name: column_of(row, *columns) for name, row in year_of_locations().items()} == {
        "comparable": (True, Decimal(120), Decimal(0), Decimal(120)),
        "a day too late": nothing,
        "new": nothing,
        "closed": nothing,
        "newest": nothing,
        "closed that autumn": (True, None, None, None),
    }


def test_equal_published_averages_share_a_recent_rank() -> None:
    as_of = date(2024, 12, 31)
    rows = [order_on(as_of, "a", "10.00", location="r1"), order_on(as_of, "b", "10.01", location="r2")]
    old = [order_on(date(2024, 1, 1), f"old {name}", location=name) for name in ("r1", "r2")]
    found = rows_of("location_performance", RawTables([*rows, *old]))
    columns = ("recent_net_revenue_per_day", "recent_revenue_rank", "revenue_rank")
    assert [column_of(row, *columns) for row in found] == [(Decimal("0.11"), 1, 2), (Decimal("0.11"), 1, 1)]


# Discounts


def test_food_cost_is_rounded_once_per_row() -> None:
    rows = [item("o1", "l1", "0.01"), item("o1", "l2", "0.01", category="Tea"), item("o2", "l1", "0.01")]
    seeds = Seeds(menu_category_costs={"Coffee": Decimal("0.2500")})
    plain, discounted = rows_of("discount_effectiveness", RawTables(rows), seeds=seeds)
    columns = ("order_share_pct", "estimated_food_cost", "estimated_gross_profit", "estimated_margin_pct")
    assert column_of(plain, *columns) == (Decimal(100), Decimal("0.01"), Decimal("0.02"), Decimal("66.67"))
    assert column_of(discounted, *columns) == (Decimal(0), Decimal(0), Decimal(0), None)


EFFECT = (
    "average_items_per_order",
    "discounted_line_gross_revenue",
    "average_line_discount_pct",
    "break_even_order_uplift_pct",
)


def test_what_a_discounted_order_has_to_bring() -> None:
    rows = [item("o1", "l1"), item("o1", "l2", "5.00", quantity=3), item("o2", "l1", "4.00")]
    plain, discounted = rows_of("discount_effectiveness", RawTables(rows, [option(price="-2.00")]))
    assert column_of(plain, *EFFECT) == (Decimal(1), Decimal(0), None, Decimal(0))
    assert column_of(discounted, *EFFECT) == (Decimal(4), Decimal(10), Decimal(20), Decimal("23.53"))


def test_no_uplift_pays_for_a_discount_without_a_profit() -> None:
    rows_without_profit = RawTables([item()], [option(price="-7.00")])
    _, discounted = rows_of("discount_effectiveness", rows_without_profit)
    columns = ("estimated_gross_profit", "break_even_order_uplift_pct")
    assert column_of(discounted, *columns) == (Decimal(0), None)


START = date(2024, 6, 10)
OFFSETS = {
    "uses it": (-28, -1, 0, 1, 27),
    "never uses it": (-28, 0, 5),
    "uses it later": (-28, 28),
    "opened too late": (-27, 1),
    "control opened too late": (-27, 3),
}
DEALS = {"uses it": 0, "uses it later": 28, "opened too late": 1}
BEFORE_AFTER = (
    "window_location_count",
    "order_count_before",
    "order_count_after",
    "order_count_change_pct",
    "net_revenue_change_pct",
    "discounted_order_count_after",
    "discounted_order_share_after_pct",
)
CONTROL = (
    "control_location_count",
    "control_order_count_before",
    "control_order_count_after",
    "control_order_count_change_pct",
    "excess_order_change_points",
)


def deal(offsets: dict[str, tuple[int, ...]] = OFFSETS, as_of: int = 28) -> Row:
    rows = [
        order_on(START + timedelta(days=days), f"{location} {days}", location=location)
        for location, own in offsets.items()
        for days in own
    ]
    given = [(location, days) for location, days in DEALS.items() if location in offsets]
    deals = [
        option(f"{location} {days}", f"{location} {days}-1", "-2.00", group=None, name="Deal")
        for location, days in given
    ]
    nothing_off = option("uses it -1", "uses it -1-1", "-0.0049", name="Nil")
    settings = Settings(as_of_date=START + timedelta(days=as_of))
    return only("discount_before_after", RawTables(rows, [*deals, nothing_off]), settings)


def test_before_and_after_a_discount_beside_locations_without_it() -> None:
    row = deal()
    names = ("option_group_name", "option_name", "first_used_date", "last_used_date")
    assert column_of(row, *names) == ("(none)", "Deal", START, START + timedelta(days=28))
    assert column_of(row, "discounted_order_count", "location_count", "is_window_complete") == (3, 3, True)
    used = (1, 2, 3, Decimal(50), Decimal(40), 1, Decimal("33.33"))
    assert column_of(row, *BEFORE_AFTER) == used
    assert column_of(row, *CONTROL) == (1, 1, 2, Decimal(100), Decimal(-50))


def test_an_incomplete_window_has_counts_and_a_share_but_no_change() -> None:
    row = deal(as_of=26)
    assert row["is_window_complete"] is False
    assert column_of(row, *BEFORE_AFTER) == (1, 2, 2, None, None, 1, Decimal(50))
    assert column_of(row, *CONTROL) == (2, 2, 2, None, None)


def test_without_a_control_there_is_no_excess() -> None:
    row = deal({name: own for name, own in OFFSETS.items() if "never" not in name})
    assert row["order_count_change_pct"] == Decimal(50)
    assert column_of(row, *CONTROL) == (0, 0, 0, None, None)


def test_where_all_who_used_it_opened_too_late_nothing_is_compared() -> None:
    row = deal({"never uses it": (-28, 0), "opened too late": (-26, 1)})
    assert column_of(row, *BEFORE_AFTER) == (0, 0, 0, None, None, 0, None)
    assert row["net_revenue_after"] == Decimal(0)


# Menu


def menu(*sold: tuple[str | None, int, str], category: str = "Coffee") -> dict[object, Row]:
    """Items as (name, quantity, price of all)."""
    rows = [
        item(f"o{number}", price=price, category=category, name=name, quantity=quantity)
        for number, (name, quantity, price) in enumerate(sold)
    ]
    return by("item_name", rows_of("menu_item_performance", RawTables(rows)))


def test_the_classes_of_a_menu() -> None:
    found = menu(("Latte", 7, "70"), ("Mocha", 2, "40"), (None, 1, "1"))
    columns = ("item_quantity", "estimated_gross_profit", "quantity_share_pct", "menu_class")
    assert {name: column_of(row, *columns) for name, row in found.items()} == {
        "Latte": (7, Decimal(49), Decimal(70), "plowhorse"),
        "Mocha": (2, Decimal(28), Decimal(20), "puzzle"),
        "(none)": (1, Decimal("0.70"), Decimal(10), "dog"),
    }


def test_an_item_at_the_edges_is_popular_and_profitable() -> None:
    assert menu(("Only", 3, "9"))["Only"]["menu_class"] == "star"
    found = menu(("At 70 %", 7, "7"), ("Other", 13, "13"))
    assert {name: row["menu_class"] for name, row in found.items()} == {"At 70 %": "star", "Other": "star"}
    found = menu(("Below", 69, "69"), ("Other", 131, "131"))
    assert found["Below"]["menu_class"] == "puzzle"


def test_items_given_back_are_not_shown_and_not_counted() -> None:
    found = menu(("Latte", 2, "4"), ("Back", -1, "-3"), ("Mocha", 2, "4"), ("Even", 0, "5"))
    assert {name: row["quantity_share_pct"] for name, row in found.items()} == {
        "Latte": Decimal(50),
        "Mocha": Decimal(50),
    }


def test_a_menu_looks_at_its_last_days_and_counts_orders_once() -> None:
    as_of = NOON.date()
    rows = [
        item("o1", "l1"),
        item("o1", "l2"),
        item("o2", when=NOON - timedelta(days=90)),
        item("o3", when=NOON - timedelta(days=91)),
    ]
    row = only("menu_item_performance", RawTables(rows), Settings(as_of_date=as_of))
    assert column_of(row, "order_count", "item_quantity", "net_revenue") == (2, 3, Decimal(30))


def test_cost_is_rounded_per_item_and_profit_follows_the_published_cost() -> None:
    found = menu(("Latte", 1, "0.05"), ("Mocha", 1, "0.01"))
    columns = ("estimated_food_cost", "estimated_gross_profit")
    assert column_of(found["Latte"], *columns) == (Decimal("0.02"), Decimal("0.03"))
    assert column_of(found["Mocha"], *columns) == (Decimal("0.00"), Decimal("0.01"))
