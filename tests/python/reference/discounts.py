"""Pricing and discounts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from .days import month_start
from .exact import average, change_pct, money, pct
from .facts import Facts, Order, Row, Tables, group_by, totals
from .history import History, before_and_after
from .inputs import Seeds, Settings

NO_NAME = "(none)"
OptionKey = tuple[str, str]


@dataclass
class Usage:
    """Where and when an option took something off an order."""

    dates: set[date] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)
    locations: set[str] = field(default_factory=set)


def discount_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the three discount marts."""
    groups = group_by(facts.orders, lambda order: order.is_discounted)
    months = group_by(
        facts.orders,
        lambda order: (month_start(order.head.business_date), order.head.location_id, order.is_discounted),
    )
    return {
        "discount_effectiveness": [
            _effectiveness_row(is_discounted, groups.get(is_discounted, []), facts, settings, seeds)
            for is_discounted in (False, True)
        ],
        "discount_effectiveness_monthly": [
            {
                "month_start_date": month,
                "location_id": location_id,
                "is_discounted": is_discounted,
                "order_count": len(orders),
                **totals(orders),
                **_profit_columns(orders, settings, seeds),
            }
            for (month, location_id, is_discounted), orders in months.items()
        ],
        "discount_before_after": _before_after_rows(facts, settings.discount_window_days),
    }


def _effectiveness_row(
    is_discounted: bool, orders: list[Order], facts: Facts, settings: Settings, seeds: Seeds
) -> Row:
    gross, net = sum(order.gross for order in orders), sum(order.net for order in orders)
    return {
        "is_discounted": is_discounted,
        "order_count": len(orders),
        "order_share_pct": pct(len(orders), len(facts.orders)),
        **totals(orders),
        "average_gross_order_value": average(gross, len(orders)),
        "average_order_value": average(net, len(orders)),
        "average_discount_pct": pct(gross - net, gross),
        **_profit_columns(orders, settings, seeds),
        "estimated_margin_pct": pct(net - food_cost(orders, settings, seeds), net),
    }


def _profit_columns(orders: list[Order], settings: Settings, seeds: Seeds) -> Row:
    cost = food_cost(orders, settings, seeds)
    return {
        "estimated_food_cost": money(cost),
        "estimated_gross_profit": money(sum(order.net for order in orders) - cost),
    }


def food_cost(orders: list[Order], settings: Settings, seeds: Seeds) -> int:
    """Return the assumed food cost of some orders in cents: exact, rounded once at the end."""
    gross: Counter[str] = Counter()
    for order in orders:
        for line in order.lines:
            gross[line.item_category] += line.gross
    rates = seeds.menu_category_costs
    with localcontext(prec=100):
        cost = sum(
            (rates.get(name, settings.default_food_cost_rate) * amount for name, amount in gross.items()),
            start=Decimal(0),
        )
        return int(cost.quantize(Decimal(1), ROUND_HALF_UP))


def _before_after_rows(facts: Facts, window_days: int) -> list[Row]:
    by_location = group_by(facts.orders, lambda order: order.head.location_id)
    histories = {location_id: History(orders) for location_id, orders in by_location.items()}
    return [
        {
            "option_group_name": group_name,
            "option_name": name,
            "first_used_date": min(usage.dates),
            "last_used_date": max(usage.dates),
            "discounted_order_count": len(usage.orders),
            "location_count": len(usage.locations),
            **_windows(facts, [histories[one] for one in usage.locations], min(usage.dates), window_days),
        }
        for (group_name, name), usage in _usages(facts.orders).items()
    ]


def _usages(orders: list[Order]) -> dict[OptionKey, Usage]:
    usages: dict[OptionKey, Usage] = {}
    for order in orders:
        taken_off = (option for line in order.lines for option in line.options if option.amount < 0)
        for option in taken_off:
            usage = usages.setdefault((option.group_name or NO_NAME, option.name or NO_NAME), Usage())
            usage.dates.add(order.head.business_date)
            usage.orders.add(order.head.order_id)
            usage.locations.add(order.head.location_id)
    return usages


def _windows(facts: Facts, locations: list[History], first_used: date, window_days: int) -> Row:
    before, after = before_and_after(first_used, window_days)
    count_before, net_before = _sum_between(locations, before)
    count_after, net_after = _sum_between(locations, after)
    is_complete = facts.span is not None and facts.span[0] <= before[0] and after[1] <= facts.span[1]
    return {
        "order_count_before": count_before,
        "net_revenue_before": money(net_before),
        "order_count_after": count_after,
        "net_revenue_after": money(net_after),
        "order_count_change_pct": change_pct(count_before, count_after) if is_complete else None,
        "net_revenue_change_pct": change_pct(net_before, net_after) if is_complete else None,
        "is_window_complete": is_complete,
    }


def _sum_between(locations: list[History], days: tuple[date, date]) -> tuple[int, int]:
    found = [history.between(*days) for history in locations]
    return sum(count for count, _ in found), sum(net for _, net in found)
