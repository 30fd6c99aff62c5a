"""Sales trends: totals by period, and peak hours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .days import count_weekday, month_end, month_start, week_end, week_start
from .exact import Ranking, average, divide, money
from .facts import Facts, Line, Order, Row, Tables, group_by, totals


@dataclass(frozen=True)
class Period:
    """A length of time: its column, its first day of any day, and its last (None: it is always complete)."""

    column: str
    start: Callable[[date], date]
    end: Callable[[date], date] | None


PERIODS = {
    "daily": Period("business_date", lambda day: day, None),
    "weekly": Period("week_start_date", week_start, week_end),
    "monthly": Period("month_start_date", month_start, month_end),
}


def sales_tables(facts: Facts) -> Tables:
    """Return the six sales marts and the peak hours."""
    tables: Tables = {"sales_peak_hours": _peak_hours(facts.orders)}
    for name, period in PERIODS.items():
        tables[f"sales_{name}"] = _period_rows(facts, period)
        tables[f"sales_by_category_{name}"] = _category_rows(facts, period)
    return tables


def _period_key(of: Order | Line, period: Period) -> tuple[date, str, str | None]:
    return period.start(of.head.business_date), of.head.location_id, of.head.daypart


def _period_rows(facts: Facts, period: Period) -> list[Row]:
    groups = group_by(facts.orders, lambda order: _period_key(order, period))
    return [
        {
            period.column: start,
            "location_id": location_id,
            "daypart": daypart,
            "order_count": len(orders),
            **totals(orders),
            **_completeness(period, start, facts.as_of),
        }
        for (start, location_id, daypart), orders in groups.items()
    ]


def _category_rows(facts: Facts, period: Period) -> list[Row]:
    lines = [line for order in facts.orders for line in order.lines]
    groups = group_by(lines, lambda line: (*_period_key(line, period), line.item_category))
    return [
        {
            period.column: start,
            "location_id": location_id,
            "daypart": daypart,
            "item_category": item_category,
            "orders_with_category": len({line.head.order_id for line in lines}),
            **totals(lines),
            **_completeness(period, start, facts.as_of),
        }
        for (start, location_id, daypart, item_category), lines in groups.items()
    ]


def _completeness(period: Period, start: date, as_of: date | None) -> Row:
    if period.end is None or as_of is None:
        return {}
    return {"is_complete_period": period.end(start) <= as_of}


def _peak_hours(orders: list[Order]) -> list[Row]:
    by_location = group_by(orders, lambda order: order.head.location_id)
    return [row for location_id, own in by_location.items() for row in _location_hours(location_id, own)]


def _location_hours(location_id: str, orders: list[Order]) -> list[Row]:
    dates = [order.head.business_date for order in orders]
    hours = group_by(orders, lambda order: (order.head.business_date.isoweekday(), order.head.order_hour))
    nets = {hour: sum(order.net for order in own) for hour, own in hours.items()}
    observed = {hour: count_weekday(hour[0], min(dates), max(dates)) for hour in hours}
    ranking = Ranking(divide(nets[hour], observed[hour]) for hour in hours)
    return [
        {
            "location_id": location_id,
            "iso_day_of_week": hour[0],
            "order_hour": hour[1],
            "days_observed": observed[hour],
            "order_count": len(own),
            "net_revenue": money(nets[hour]),
            "average_orders": average(100 * len(own), observed[hour]),
            "average_net_revenue": average(nets[hour], observed[hour]),
            "peak_rank": ranking.rank(divide(nets[hour], observed[hour])),
        }
        for hour, own in hours.items()
    ]
