"""Loyalty marts worked by hand."""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from . import RawTables, Settings
from .examples import NOON, item, option
from .facts import Row
from .inputs import OrderItem
from .joining_effect import BAND_EDGES, Cell, Unit
from .rows import by, column_of, rows_of

# Members, others and guests


def impact() -> dict[object, Row]:
    rows = [
        item("o1", when=NOON - timedelta(days=400)),
        item("o2", price="5", is_loyalty=True),
        item("o3", customer="c2", is_loyalty=True),
        item("o4", customer="c3", when=NOON - timedelta(days=1)),
        item("o5", customer=None, price="7"),
    ]
    settings = Settings(as_of_date=NOON.date() + timedelta(days=45))
    raw = RawTables(rows, [option("o5", price="-1.00")])
    return by("membership", rows_of("loyalty_program_impact", raw, settings))


def test_members_beside_non_members() -> None:
    member, other = impact()["member"], impact()["non_member"]
    counts = ("customer_count", "order_count", "repeat_customer_count", "repeat_order_count")
    assert column_of(member, *counts) == (2, 3, 1, 1)
    assert column_of(other, *counts) == (1, 1, 0, 0)
    averages = ("average_order_value", "average_orders_per_customer", "repeat_customer_rate")
    assert column_of(member, *averages) == (Decimal("8.33"), Decimal("1.50"), Decimal("0.5000"))
    assert column_of(member, "average_lifetime_value", "median_lifetime_value") == (Decimal("12.50"),) * 2


def test_members_of_late() -> None:
    member, other = impact()["member"], impact()["non_member"]
    active = ("active_customer_count", "active_customer_rate")
    assert column_of(member, *active) == (2, Decimal(1))
    assert column_of(other, *active) == (0, Decimal(0))
    in_window = ("average_orders_in_window", "average_net_revenue_in_window", "average_customer_age_days")
    assert column_of(member, *in_window) == (Decimal(1), Decimal("7.50"), Decimal(245))
    assert column_of(other, *in_window) == (Decimal(1), Decimal(10), Decimal(46))


def test_guests_have_orders_and_nothing_of_customers() -> None:
    guest = {name: value for name, value in impact()["guest"].items() if value is not None}
    assert guest == {
        "membership": "guest",
        "order_count": 1,
        "gross_revenue": Decimal(7),
        "discount_amount": Decimal(1),
        "net_revenue": Decimal(6),
        "average_order_value": Decimal(6),
        "average_discount_pct": Decimal("14.29"),
    }


# Joiners beside control orders

SMALL = Settings(as_of_date=date(2024, 6, 30), loyalty_window_days=2, loyalty_min_joiners=1)
FIRST_DAY = item("first", customer=None, when=datetime(2024, 6, 1, 16))


def bought(
    customer: str, *days: int, joined: int = 0, prices: dict[int, str] | None = None
) -> list[OrderItem]:
    """Return a customer's orders on days of June 2024, the loyalty ones beginning with the joining day."""
    return [
        item(
            f"{customer}-{day:02}",
            price=(prices or {}).get(day, "10.00"),
            when=datetime(2024, 6, day, 16),
            customer=customer,
            is_loyalty=0 < joined <= day,
        )
        for day in days
    ]


def effect(*customers: list[OrderItem], settings: Settings = SMALL) -> dict[object, Row]:
    raw = RawTables([FIRST_DAY, *(one for orders in customers for one in orders)])
    return by("joined_period", rows_of("loyalty_joining_effect", raw, settings))


JUNE = (
    bought("joiner", 9, 10, 11, 12, joined=10, prices={11: "20.00", 12: "5.00"}),
    bought("often", 14, 15, 16),
    bought("seldom", 19, 20),
    bought("joins next", 4, 5, 6, 7, joined=6),
)
"""On their second order three could have joined as the joiner did; on a third order one did and one did not.

Second orders: the joiner had 2 orders after it, the three had 1, 0 and 2, of which 1, 0 and 1 as non-members.
Third orders: the joiner had 1 order after it, the other none; both had 2 before.
"""
COUNTS = ("customer_count", "matched_customer_count", "control_order_count")
ORDERS = ("orders_before", "expected_orders_before", "orders_after", "expected_orders_after")
REVENUE = (
    "net_revenue_before",
    "expected_net_revenue_before",
    "net_revenue_after",
    "expected_net_revenue_after",
)
JUDGEMENTS = ("excess_orders_pct", "excess_revenue_pct", "control_non_member_pct", "is_excess_clear")


def test_joiners_beside_orders_on_a_like_occasion() -> None:
    everybody = effect(*JUNE)["all"]
    assert column_of(everybody, *COUNTS) == (2, 2, 4)
    assert column_of(everybody, *ORDERS) == (3, Decimal(3), 3, Decimal(1))
    assert column_of(everybody, *REVENUE) == (Decimal(30), Decimal(30), Decimal(35), Decimal(10))
    assert column_of(everybody, *JUDGEMENTS) == (Decimal(200), Decimal(250), Decimal(67), False)


def test_all_joiners_and_each_month_with_one() -> None:
    rows = effect(*JUNE)
    assert {name: row["joined_month"] for name, row in rows.items()} == {
        "all": None,
        "2024-06": date(2024, 6, 1),
    }
    columns = (*COUNTS, *ORDERS, *REVENUE, *JUDGEMENTS)
    assert column_of(rows["all"], *columns) == column_of(rows["2024-06"], *columns)


def test_too_few_joiners_give_no_percentage() -> None:
    few = Settings(as_of_date=SMALL.as_of_date, loyalty_window_days=2, loyalty_min_joiners=3)
    row = effect(*JUNE, settings=few)["all"]
    assert column_of(row, *COUNTS) == (2, 2, 4)
    assert column_of(row, *JUDGEMENTS) == (None,) * 4


def test_nobody_who_joined_leaves_a_row_of_zeros() -> None:
    (row,) = effect(bought("c1", 4, 5), bought("c2", 4, 5, joined=4)).values()
    assert column_of(row, "joined_period", *COUNTS) == ("all", 0, 0, 0)
    assert column_of(row, *ORDERS) == (0, Decimal(0), 0, Decimal(0))
    assert column_of(row, *JUDGEMENTS) == (None,) * 4


@pytest.mark.parametrize(
    ("day", "as_of", "joiners"), [(3, 5, 1), (3, 4, 0), (2, 30, 0), (28, 30, 1), (29, 30, 0)]
)
def test_both_windows_lie_in_the_data(day: int, as_of: int, joiners: int) -> None:
    settings = Settings(as_of_date=date(2024, 6, as_of), loyalty_window_days=2)
    assert effect(bought("c1", 1, day, joined=day), settings=settings)["all"]["customer_count"] == joiners


def test_the_day_itself_is_in_neither_window() -> None:
    orders = [*bought("c1", 9, 10, joined=10), item("late", when=datetime(2024, 6, 10, 23), is_loyalty=True)]
    row = effect(orders, bought("c2", 14, 15))["all"]
    assert column_of(row, *COUNTS) == (1, 1, 1)
    assert column_of(row, *ORDERS) == (1, Decimal(1), 0, Decimal(0))
    assert column_of(row, *JUDGEMENTS) == (None, None, None, False)


@pytest.mark.parametrize(
    "other",
    [
        bought("third order", 2, 14, 15),
        bought("no order before", 12, 15),
        bought("no second order", 15),
        bought("too late", 28, 29),
        bought("has joined", 13, 14, 15, joined=13),
    ],
)
def test_a_joiner_without_a_control_order_is_only_counted(other: list[OrderItem]) -> None:
    row = effect(bought("c1", 9, 10, 11, joined=10), other)["all"]
    assert column_of(row, *COUNTS) == (1, 0, 0)
    assert column_of(row, *ORDERS) == (0, Decimal(0), 0, Decimal(0))


def test_days_since_the_first_order_part_cells() -> None:
    def two_orders(customer: str, first: date, days: int, is_joiner: bool) -> list[OrderItem]:
        second = datetime.combine(first, NOON.time()) + timedelta(days=days)
        return [
            item(f"{customer}1", customer=customer, when=datetime.combine(first, NOON.time())),
            item(f"{customer}2", customer=customer, when=second, is_loyalty=is_joiner),
        ]

    def matched(joiner: int, control: int) -> object:
        first = date(2024, 7, 1) - timedelta(days=95)
        settings = Settings(as_of_date=date(2024, 8, 1), loyalty_window_days=2)
        customers = [
            two_orders("a", date(2024, 7, 10) - timedelta(days=joiner), joiner, True),
            two_orders("b", date(2024, 7, 10) - timedelta(days=control), control, False),
            [item("start", customer=None, when=datetime.combine(first, NOON.time()))],
        ]
        return effect(*customers, settings=settings)["all"]["matched_customer_count"]

    pairs = [(10, 29), (29, 30), (30, 89), (89, 90), (90, 95)]
    assert [matched(*pair) for pair in pairs] == [1, 0, 1, 0, 1]


def test_bands_of_orders() -> None:
    numbers = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 14, 15, 19, 20, 29, 30, 49, 50, 999]
    bands = [1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12]
    assert [bisect_right(BAND_EDGES, number) for number in numbers] == bands


def unit(orders_after: int, net_after: int = 0, *, is_joiner: bool = False) -> Unit:
    return Unit(
        cell=(date(2024, 6, 1), 2, 3, 1),
        is_joiner=is_joiner,
        orders_before=1,
        net_before=1000,
        orders_after=orders_after,
        net_after=net_after,
        after_as_non_member=0,
    )


def test_what_is_expected_is_rounded_once_per_cell() -> None:
    cell = Cell([*(unit(2, is_joiner=True) for _ in range(2)), unit(1, -1), unit(0), unit(0), unit(0)])
    assert cell.expected(lambda one: one.orders_after, 100) == 50
    assert cell.expected(lambda one: one.net_after) == -1
    cell = Cell([unit(0, is_joiner=True), unit(1), unit(1), unit(0)])
    assert cell.expected(lambda one: one.orders_after, 100) == 67


@pytest.mark.parametrize(
    ("joiners", "control", "deviation", "variance"),
    [
        ([0, 1, 1], [1, 1, 1, 0, 0, 0], 50, 11_250),
        ([1], [1, 0, 0], 67, 5_985),
        ([1], [1, 0, 0, 0, 0, 0, 0, 0], 87, 8_515),
        ([0], [1, 0], -50, 3_750),
        ([2, 2], [2, 2], 0, 0),
    ],
)
def test_how_far_joiners_deviate_and_how_far_chance_would_take_them(
    joiners: list[int], control: list[int], deviation: int, variance: int
) -> None:
    cell = Cell([*(unit(orders, is_joiner=True) for orders in joiners), *map(unit, control)])
    assert cell.deviation() == (deviation, variance)


def test_an_excess_is_clear_beyond_twice_its_standard_error() -> None:
    control = [bought(f"control {number}", 14, 15) for number in range(20)]
    joiners = [bought(f"joiner {number}", 14, 15, 16, joined=15) for number in range(20)]
    assert effect(*control, *joiners)["all"]["is_excess_clear"] is True
    assert effect(*control[:1], *joiners)["all"]["is_excess_clear"] is False
