"""Sales trends: totals by period, and peak hours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .costs import lines_of
from .days import ONE_DAY, count_weekday, is_complete, month_end, month_start, week_end, week_start
from .exact import Ranking, average, divide, money
from .facts import Facts, Line, Order, Row, Tables, group_by, revenue_columns, totals
from .history import customer_order_numbers
from .inputs import Settings
from .like_for_like import like_for_like_rows


@dataclass(frozen=True)
class Period:
    """A length of time: its column, its first day of any day, and its last (None: it is a single day)."""

    column: str
    start: Callable[[date], date]
    end: Callable[[date], date] | None


PERIODS = {
    "daily": Period("business_date", lambda day: day, None),
    "weekly": Period("week_start_date", week_start, week_end),
    "monthly": Period("month_start_date", month_start, month_end),
}
PeriodColumns = Mapping[tuple[date, str], Row]


def sales_tables(facts: Facts, settings: Settings) -> Tables:
    """Return the eight sales marts and the peak hours."""
    tables: Tables = {
        "sales_by_customer_type_monthly": _customer_type_rows(facts),
        "sales_like_for_like_monthly": like_for_like_rows(facts),
        "sales_peak_hours": _peak_hours(facts, settings.peak_hours_window_days),
    }
    for name, period in PERIODS.items():
        columns = _period_columns(facts, period)
        tables[f"sales_{name}"] = _period_rows(facts, period, columns)
        tables[f"sales_by_category_{name}"] = _category_rows(facts, period, columns)
    return tables


def _period_key(of: Order | Line, period: Period) -> tuple[date, str, str | None]:
    return period.start(of.head.business_date), of.head.location_id, of.head.daypart


def _period_columns(facts: Facts, period: Period) -> PeriodColumns:
    """Return what rows of a period (by its first day) and location share, whatever else is in their key."""
    groups = group_by(facts.orders, lambda order: _period_key(order, period)[:2])
    if period.end is None or facts.span is None:
        return {key: {} for key in groups}
    return {
        (start, location_id): {
            "is_complete_period": is_complete(start, period.end(start), facts.span),
            "trading_days": len({order.head.business_date for order in orders}),
        }
        for (start, location_id), orders in groups.items()
    }


def _period_rows(facts: Facts, period: Period, columns: PeriodColumns) -> list[Row]:
    groups = group_by(facts.orders, lambda order: _period_key(order, period))
    return [
        {
            period.column: start,
            "location_id": location_id,
            "daypart": daypart,
            "order_count": len(orders),
            **totals(orders),
            **columns[start, location_id],
        }
        for (start, location_id, daypart), orders in groups.items()
    ]


def _category_rows(facts: Facts, period: Period, columns: PeriodColumns) -> list[Row]:
    groups = group_by(lines_of(facts.orders), lambda line: (*_period_key(line, period), line.item_category))
    return [
        {
            period.column: start,
            "location_id": location_id,
            "daypart": daypart,
            "item_category": item_category,
            "orders_with_category": len({line.head.order_id for line in lines}),
            **totals(lines),
            **columns[start, location_id],
        }
        for (start, location_id, daypart, item_category), lines in groups.items()
    ]


def _customer_type_rows(facts: Facts) -> list[Row]:
    numbers = customer_order_numbers(facts)
    groups = group_by(
        facts.orders,
        lambda order: (
            month_start(order.head.business_date),
            order.head.location_id,
            _customer_type(numbers.get(order.head.order_id)),
        ),
    )
    return [
        {
            "month_start_date": month,
            "location_id": location_id,
            "customer_type": customer_type,
            "order_count": len(orders),
            **revenue_columns(orders),
            "is_complete_period": facts.span is not None and is_complete(month, month_end(month), facts.span),
        }
        for (month, location_id, customer_type), orders in groups.items()
    ]


def _customer_type(customer_order_number: int | None) -> str:
    if customer_order_number is None:
        return "guest"
    return "new" if customer_order_number == 1 else "returning"


def _peak_hours(facts: Facts, window_days: int) -> list[Row]:
    if facts.span is None:
        return []
    window_start = facts.span[1] - timedelta(days=window_days) + ONE_DAY
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    return [
        row
        for location_id, own in by_location.items()
        for row in _location_hours(location_id, own, window_start)
    ]


def _location_hours(location_id: str, orders: list[Order], window_start: date) -> list[Row]:
    dates = [order.head.business_date for order in orders]
    first, last = max(window_start, min(dates)), max(dates)
    recent = [order for order in orders if order.head.business_date >= window_start]
    hours = group_by(recent, lambda order: (order.head.business_date.isoweekday(), order.head.order_hour))
    nets = {hour: sum(order.net for order in own) for hour, own in hours.items()}
    observed = {hour: count_weekday(hour[0], first, last) for hour in hours}
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
