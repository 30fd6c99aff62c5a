"""Each complete month beside the same month a year before, at the locations that were open in both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .days import MAY_BE_HOLIDAYS, add_months, is_complete, month_end, month_start
from .exact import average_change_pct, change_pct, money
from .facts import Facts, Row, group_by
from .history import History

Days = tuple[date, date]


@dataclass(frozen=True)
class Sales:
    """Orders and net revenue in cents of some locations in a month."""

    order_count: int
    net: int


def like_for_like_rows(facts: Facts) -> list[Row]:
    """Return a row for each complete month with an order."""
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    locations = [History(orders) for orders in by_location.values()]
    months = {month_start(order.head.business_date) for order in facts.orders}
    return [_month_row(month, locations, facts) for month in sorted(months) if _is_complete(month, facts)]


def _is_complete(month: date, facts: Facts) -> bool:
    return facts.span is not None and is_complete(month, month_end(month), facts.span)


def _month_row(month: date, locations: Sequence[History], facts: Facts) -> Row:
    days, year_before = _days(month), _days(add_months(month, -12))
    now = _sales(locations, days)
    before = _sales(locations, year_before) if _is_complete(year_before[0], facts) else None
    comparable = [one for one in locations if _is_comparable(one, days, year_before)] if before else None
    return {
        "month_start_date": month,
        "location_count": sum(location.between(*days)[0] > 0 for location in locations),
        "order_count": now.order_count,
        "net_revenue": money(now.net),
        "net_revenue_last_year": money(before.net) if before else None,
        "net_revenue_change_pct": change_pct(before.net, now.net) if before else None,
        **_comparable_columns(comparable, days, year_before),
    }


def _days(month: date) -> Days:
    return month, month_end(month)


def _sales(locations: Sequence[History], days: Days) -> Sales:
    found = [location.between(*days) for location in locations]
    return Sales(sum(count for count, _ in found), sum(net for _, net in found))


def _is_comparable(location: History, days: Days, year_before: Days) -> bool:
    was_open = location.dates[0] <= year_before[0] + MAY_BE_HOLIDAYS
    return was_open and location.between(*days)[0] > 0 and location.between(*year_before)[0] > 0


COMPARABLE_COLUMNS = (
    "comparable_location_count",
    "comparable_order_count",
    "comparable_order_count_last_year",
    "comparable_order_count_change_pct",
    "comparable_net_revenue",
    "comparable_net_revenue_last_year",
    "comparable_net_revenue_change_pct",
    "comparable_average_order_value_change_pct",
)


def _comparable_columns(locations: Sequence[History] | None, days: Days, year_before: Days) -> Row:
    if locations is None:
        return dict.fromkeys(COMPARABLE_COLUMNS)
    now, before = _sales(locations, days), _sales(locations, year_before)
    values = (
        len(locations),
        now.order_count,
        before.order_count,
        change_pct(before.order_count, now.order_count),
        money(now.net),
        money(before.net),
        change_pct(before.net, now.net),
        average_change_pct((before.order_count, before.net), (now.order_count, now.net)),
    )
    return dict(zip(COMPARABLE_COLUMNS, values, strict=True))
