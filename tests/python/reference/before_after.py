"""Orders before and after a discount came, where it was used and where it never was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from .days import ONE_DAY
from .exact import change_pct, money, pct, points
from .facts import Facts, Order, Row, group_by
from .history import History

NO_NAME = "(none)"
OptionKey = tuple[str, str]
Days = tuple[date, date]


@dataclass
class Usage:
    """The orders that an option took something off, by their ids."""

    orders: dict[str, Order] = field(default_factory=dict)

    @property
    def first_date(self) -> date:
        """Return the date of the first use."""
        return min(order.head.business_date for order in self.orders.values())

    @property
    def last_date(self) -> date:
        """Return the date of the last use."""
        return max(order.head.business_date for order in self.orders.values())

    @cached_property
    def locations(self) -> set[str]:
        """Return where it was ever used."""
        return {order.head.location_id for order in self.orders.values()}

    def between(self, days: Days) -> list[Order]:
        """Return the orders that used it from the first to the last of the days, both included."""
        return [order for order in self.orders.values() if days[0] <= order.head.business_date <= days[1]]


@dataclass(frozen=True)
class Windows:
    """The days before the first use of an option, and as many from it on."""

    before: Days
    after: Days

    def are_in(self, span: Days) -> bool:
        """Return whether both lie in the data's span."""
        return span[0] <= self.before[0] and self.after[1] <= span[1]


@dataclass(frozen=True)
class Sums:
    """All orders of some locations in the two windows, and their net revenue in cents."""

    orders_before: int
    net_before: int
    orders_after: int
    net_after: int

    @classmethod
    def of(cls, locations: Sequence[History], windows: Windows) -> Self:
        """Add up locations."""
        before = [location.between(*windows.before) for location in locations]
        after = [location.between(*windows.after) for location in locations]
        return cls(
            orders_before=sum(count for count, _ in before),
            net_before=sum(net for _, net in before),
            orders_after=sum(count for count, _ in after),
            net_after=sum(net for _, net in after),
        )


def before_after_rows(facts: Facts, window_days: int) -> list[Row]:
    """Return a row for each option that ever took something off an order."""
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    histories = {location_id: History(orders) for location_id, orders in by_location.items()}
    return [
        {
            "option_group_name": group_name,
            "option_name": name,
            "first_used_date": usage.first_date,
            "last_used_date": usage.last_date,
            "discounted_order_count": len(usage.orders),
            "location_count": len(usage.locations),
            **_window_columns(usage, histories, facts, timedelta(days=window_days)),
        }
        for (group_name, name), usage in _usages(facts.orders).items()
    ]


def _usages(orders: list[Order]) -> dict[OptionKey, Usage]:
    usages: dict[OptionKey, Usage] = {}
    for order in orders:
        taken_off = (option for line in order.lines for option in line.options if option.amount < 0)
        for option in taken_off:
            usage = usages.setdefault((option.group_name or NO_NAME, option.name or NO_NAME), Usage())
            usage.orders[order.head.order_id] = order
    return usages


def _window_columns(usage: Usage, histories: Mapping[str, History], facts: Facts, length: timedelta) -> Row:
    start = usage.first_date
    windows = Windows((start - length, start - ONE_DAY), (start, start + length - ONE_DAY))
    is_complete = facts.span is not None and windows.are_in(facts.span)
    open_before = {name for name, one in histories.items() if one.dates[0] <= windows.before[0]}
    used_after = [order for order in usage.between(windows.after) if order.head.location_id in open_before]
    of_users = {order.head.location_id for order in used_after}
    of_control = open_before - usage.locations
    users = Sums.of([histories[name] for name in of_users], windows)
    control = Sums.of([histories[name] for name in of_control], windows)
    change = change_pct(users.orders_before, users.orders_after) if is_complete else None
    control_change = change_pct(control.orders_before, control.orders_after) if is_complete else None
    return {
        "window_location_count": len(of_users),
        "order_count_before": users.orders_before,
        "net_revenue_before": money(users.net_before),
        "order_count_after": users.orders_after,
        "net_revenue_after": money(users.net_after),
        "order_count_change_pct": change,
        "net_revenue_change_pct": change_pct(users.net_before, users.net_after) if is_complete else None,
        "discounted_order_count_after": len(used_after),
        "discounted_order_share_after_pct": pct(len(used_after), users.orders_after),
        "control_location_count": len(of_control),
        "control_order_count_before": control.orders_before,
        "control_order_count_after": control.orders_after,
        "control_order_count_change_pct": control_change,
        "excess_order_change_points": points(change, control_change),
        "is_window_complete": is_complete,
    }
