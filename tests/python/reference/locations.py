"""Location performance: of all time, of the recent period, and against the same days a year before."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from .days import ONE_DAY, week_start
from .exact import Ranking, average, average_change_pct, change_pct, divide, money, pct, rate
from .facts import Facts, Order, Row, Tables, group_by, location_name, revenue_columns
from .history import History, counted_customers
from .inputs import Seeds, Settings

BANDS = ("top", "middle", "bottom")
YEAR_OF_WEEKS = timedelta(days=364)


def location_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the location mart."""
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    customers = counted_customers(facts, seeds).values()
    firsts = Counter(orders[0].head.location_id for orders in customers)
    all_time = _all_time_standing(by_location, settings)
    recent = _recent_columns(by_location, facts, settings)
    return {
        "location_performance": [
            {
                "location_id": location_id,
                "location_name": location_name(location_id, seeds),
                "as_of_date": facts.as_of,
                **_trading_columns(orders),
                "first_time_customer_count": firsts[location_id],
                **_customer_columns(orders, seeds),
                **all_time[location_id],
                **recent[location_id],
            }
            for location_id, orders in by_location.items()
        ]
    }


def _trading_columns(orders: list[Order]) -> Row:
    dates = {order.head.business_date for order in orders}
    open_days = (max(dates) - min(dates)).days + 1
    return {
        "first_order_date": min(dates),
        "last_order_date": max(dates),
        "trading_days": len(dates),
        "trading_weeks": len({week_start(day) for day in dates}),
        "open_days": open_days,
        "order_count": len(orders),
        **revenue_columns(orders),
        "average_order_value": average(sum(order.net for order in orders), len(orders)),
        "orders_per_day": average(100 * len(orders), len(dates)),
        "orders_per_week": average(100 * 7 * len(orders), open_days),
        "orders_per_open_day": average(100 * len(orders), open_days),
    }


def _customer_columns(orders: list[Order], seeds: Seeds) -> Row:
    counts = Counter(order.head.customer_id for order in orders)
    own = [
        count
        for customer_id, count in counts.items()
        if customer_id is not None and customer_id not in seeds.excluded_customers
    ]
    return {
        "customer_count": len(own),
        "repeat_customer_rate": rate(sum(count >= 2 for count in own), len(own)),
    }


def _band(ranking: Ranking, value: int, settings: Settings) -> str:
    return ranking.band(value, settings.clv_high_share, settings.clv_low_share, BANDS)


def _all_time_standing(by_location: Mapping[str, list[Order]], settings: Settings) -> Mapping[str, Row]:
    nets = {location_id: sum(order.net for order in own) for location_id, own in by_location.items()}
    ranking = Ranking(nets.values())
    return {
        location_id: {
            "revenue_share_pct": pct(net, sum(nets.values())),
            "revenue_rank": ranking.rank(net),
            "performance_band": _band(ranking, net, settings),
        }
        for location_id, net in nets.items()
    }


def _recent_columns(
    by_location: Mapping[str, list[Order]], facts: Facts, settings: Settings
) -> Mapping[str, Row]:
    if facts.span is None:
        return {}
    as_of, length = facts.span[1], timedelta(days=settings.location_recent_days)
    histories = {location_id: History(orders) for location_id, orders in by_location.items()}
    start = as_of - length + ONE_DAY
    days = {name: (as_of - max(start, one.dates[0])).days + 1 for name, one in histories.items()}
    recent = {name: one.between(start, as_of) for name, one in histories.items()}
    per_day = {name: divide(recent[name][1], days[name]) for name in histories}
    ranking = Ranking(per_day.values())
    return {
        name: {
            "recent_days": days[name],
            "recent_order_count": recent[name][0],
            "recent_net_revenue": money(recent[name][1]),
            "recent_net_revenue_per_day": money(per_day[name]),
            "recent_revenue_rank": ranking.rank(per_day[name]),
            "recent_performance_band": _band(ranking, per_day[name], settings),
            **_change_columns(one, start, as_of),
        }
        for name, one in histories.items()
    }


def _change_columns(location: History, start: date, as_of: date) -> Row:
    """Compare a location's recent period with the same weekdays a year before."""
    now = location.between(start, as_of)
    before = location.between(start - YEAR_OF_WEEKS, as_of - YEAR_OF_WEEKS)
    is_comparable = location.dates[0] <= start - YEAR_OF_WEEKS and now[0] >= 1
    return {
        "is_comparable": is_comparable,
        "net_revenue_change_pct": change_pct(before[1], now[1]) if is_comparable else None,
        "order_count_change_pct": change_pct(before[0], now[0]) if is_comparable else None,
        "average_order_value_change_pct": average_change_pct(before, now) if is_comparable else None,
    }
