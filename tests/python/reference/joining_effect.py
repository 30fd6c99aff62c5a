"""Did customers who joined the loyalty programme order more afterwards than customers like them?

A joiner's order is held against control orders: on a like occasion, of customers who had not joined yet.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .days import ONE_DAY, month_start
from .exact import change_pct, divide, money, pct
from .facts import Order, Row, group_by
from .history import History
from .inputs import Settings

BAND_EDGES = (0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50)
"""Lower edges of the bands of orders before, and of the order's number."""

AGE_EDGES = (0, 30, 90)
"""Lower edges of the bands of days since the first order."""

CellKey = tuple[date, int, int, int]


@dataclass(frozen=True)
class Unit:
    """An order on which its customer joined, or could have; what they ordered before and after its day.

    Revenue is cents; after_as_non_member counts the orders after up to the customer's first loyalty order.
    """

    cell: CellKey
    is_joiner: bool
    orders_before: int
    net_before: int
    orders_after: int
    net_after: int
    after_as_non_member: int

    @property
    def month(self) -> date:
        """Return the first day of the order's month."""
        return self.cell[0]


Amount = Callable[[Unit], int]


def units_of(orders: list[Order], span: tuple[date, date], window_days: int) -> Iterator[Unit]:
    """Yield the units of one customer, whose orders come first order first."""
    flags = [order.head.is_loyalty for order in orders]
    joined = flags.index(True) if True in flags else None
    up_to_joining = orders if joined is None else orders[: joined + 1]
    everything, as_non_member = History(orders), History(up_to_joining)
    length = timedelta(days=window_days)
    for number, order in enumerate(up_to_joining, start=1):
        day = order.head.business_date
        if number < 2 or day - length < span[0] or day + length > span[1]:
            continue
        before = everything.between(day - length, day - ONE_DAY)
        after = everything.between(day + ONE_DAY, day + length)
        yield Unit(
            cell=(
                month_start(day),
                bisect_right(BAND_EDGES, before[0]),
                bisect_right(BAND_EDGES, number),
                bisect_right(AGE_EDGES, (day - everything.dates[0]).days),
            ),
            is_joiner=order.head.is_loyalty,
            orders_before=before[0],
            net_before=before[1],
            orders_after=after[0],
            net_after=after[1],
            after_as_non_member=as_non_member.between(day + ONE_DAY, day + length)[0],
        )


class Cell:
    """The joiners and the control orders of one cell; they are matched when there are both."""

    def __init__(self, units: list[Unit]) -> None:
        self.joiners = [unit for unit in units if unit.is_joiner]
        self.control = [unit for unit in units if not unit.is_joiner]

    @property
    def is_matched(self) -> bool:
        """Return whether there are joiners, and a control order for them."""
        return bool(self.joiners and self.control)

    def expected(self, amount: Amount, scale: int = 1) -> int:
        """Return what so many control orders had as there are joiners, times the scale, rounded once."""
        of_control = sum(amount(unit) for unit in self.control)
        return divide(scale * len(self.joiners) * of_control, len(self.control))

    def deviation(self) -> tuple[int, int]:
        """Return the joiners' orders beyond the expected in hundredths, and its variance by chance."""
        number = len(self.control)
        expected = divide(100 * sum(unit.orders_after for unit in self.control), number)
        own = [100 * unit.orders_after - expected for unit in self.joiners]
        variance = divide((number + len(own)) * sum(one**2 for one in own), number)
        return sum(own), variance


def joining_effect_rows(
    customers: Sequence[list[Order]], span: tuple[date, date] | None, settings: Settings
) -> list[Row]:
    """Return the row of all joiners and one for each month with a joiner.

    Args:
        customers: the orders of each customer that counts, first order first.
        span: first business date of the data and the as-of date; None when there is no order at all.
        settings: the dbt variables.
    """
    units = [
        unit
        for orders in customers
        if span is not None
        for unit in units_of(orders, span, settings.loyalty_window_days)
    ]
    cells = [Cell(found) for found in group_by(units, lambda unit: unit.cell).values()]
    with_joiners = [cell for cell in cells if cell.joiners]
    months = group_by(with_joiners, lambda cell: cell.joiners[0].month)
    return [
        {"joined_period": "all", "joined_month": None, **_effect_columns(with_joiners, settings)},
        *(
            {
                "joined_period": f"{month:%Y-%m}",
                "joined_month": month,
                **_effect_columns(own, settings),
            }
            for month, own in months.items()
        ),
    ]


def _effect_columns(cells: list[Cell], settings: Settings) -> Row:
    matched = [cell for cell in cells if cell.is_matched]
    joiners = [unit for cell in matched for unit in cell.joiners]

    def total(amount: Amount) -> int:
        return sum(map(amount, joiners))

    def expected(amount: Amount, scale: int = 1) -> int:
        return sum(cell.expected(amount, scale) for cell in matched)

    orders_after = total(lambda one: one.orders_after)
    expected_after = expected(lambda one: one.orders_after, 100)
    as_non_member = expected(lambda one: one.after_as_non_member, 100)
    net_after = total(lambda one: one.net_after)
    expected_net_after = expected(lambda one: one.net_after)
    is_enough = len(joiners) >= max(1, settings.loyalty_min_joiners)
    return {
        "customer_count": sum(len(cell.joiners) for cell in cells),
        "matched_customer_count": len(joiners),
        "control_order_count": sum(len(cell.control) for cell in matched),
        "orders_before": total(lambda one: one.orders_before),
        "expected_orders_before": money(expected(lambda one: one.orders_before, 100)),
        "orders_after": orders_after,
        "expected_orders_after": money(expected_after),
        "excess_orders_pct": change_pct(expected_after, 100 * orders_after) if is_enough else None,
        "is_excess_clear": _is_clear(matched) if is_enough else None,
        "control_non_member_pct": _share(as_non_member, expected_after) if is_enough else None,
        "net_revenue_before": money(total(lambda one: one.net_before)),
        "expected_net_revenue_before": money(expected(lambda one: one.net_before)),
        "net_revenue_after": money(net_after),
        "expected_net_revenue_after": money(expected_net_after),
        "excess_revenue_pct": change_pct(expected_net_after, net_after) if is_enough else None,
    }


def _share(part: int, whole: int) -> Decimal | None:
    return pct(part, whole) if whole > 0 else None


def _is_clear(cells: list[Cell]) -> bool:
    """Return whether the orders beyond the expected are more than twice their standard error."""
    deviations = [cell.deviation() for cell in cells]
    beyond = sum(deviation for deviation, _ in deviations)
    return bool(beyond**2 > 4 * sum(variance for _, variance in deviations))
