"""Orders of customers and locations over time."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from itertools import accumulate

from .facts import Facts, Order, group_by
from .inputs import Seeds


class History:
    """Order count and net revenue (cents) of one customer or one or more locations, by business date."""

    def __init__(self, orders: Iterable[Order]) -> None:
        by_date = group_by(orders, lambda order: order.head.business_date)
        self.dates = sorted(by_date)
        self._counts = [0, *accumulate(len(by_date[day]) for day in self.dates)]
        self._nets = [0, *accumulate(sum(order.net for order in by_date[day]) for day in self.dates)]

    def between(self, first: date, last: date) -> tuple[int, int]:
        """Return order count and net revenue from first to last, both included."""
        start, end = bisect_left(self.dates, first), bisect_right(self.dates, last)
        return self._counts[end] - self._counts[start], self._nets[end] - self._nets[start]

    def up_to(self, day: date) -> tuple[int, int]:
        """Return order count and net revenue from the first order to the day, included."""
        return self.between(date.min, day)

    def last_date(self, day: date) -> date:
        """Return the latest date with an order, no later than the day, on which there must be one."""
        return self.dates[bisect_right(self.dates, day) - 1]


def orders_by_customer(facts: Facts) -> dict[str, list[Order]]:
    """Return the orders of each identified customer, excluded ones too, first order first."""
    known: dict[str, list[Order]] = {}
    for order in sorted(facts.orders, key=lambda order: (order.head.ordered_at_utc, order.head.order_id)):
        if order.head.customer_id is not None:
            known.setdefault(order.head.customer_id, []).append(order)
    return known


def customer_order_numbers(facts: Facts) -> dict[str, int]:
    """Return 1, 2, … of each order by its id, first order of a customer first; guests' orders have none."""
    return {
        order.head.order_id: number
        for orders in orders_by_customer(facts).values()
        for number, order in enumerate(orders, start=1)
    }


def counted_customers(facts: Facts, seeds: Seeds) -> dict[str, list[Order]]:
    """Return the orders of each customer that customer metrics count, first order first."""
    customers = orders_by_customer(facts)
    return {name: orders for name, orders in customers.items() if name not in seeds.excluded_customers}
