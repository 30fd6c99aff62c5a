"""Loyalty programme: members beside others, and the same customers before and after joining."""

from datetime import date

from .days import month_start
from .exact import average, change_pct, median, money, rate
from .facts import Facts, Order, Row, Tables, group_by
from .history import History, before_and_after, counted_customers
from .inputs import Seeds, Settings


def loyalty_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the two loyalty marts."""
    customers = list(counted_customers(facts, seeds).values())
    members = [orders for orders in customers if _joining_order(orders)]
    others = [orders for orders in customers if not _joining_order(orders)]
    return {
        "loyalty_program_impact": [_impact_row("member", members), _impact_row("non_member", others)],
        "loyalty_joining_effect": _effect_rows(facts, members, settings.loyalty_window_days),
    }


def _joining_order(orders: list[Order]) -> Order | None:
    return next((order for order in orders if order.head.is_loyalty), None)


def _impact_row(membership: str, customers: list[list[Order]]) -> Row:
    values = [sum(order.net for order in orders) for orders in customers]
    order_count = sum(len(orders) for orders in customers)
    repeat_count = sum(len(orders) >= 2 for orders in customers)
    return {
        "membership": membership,
        "customer_count": len(customers),
        "order_count": order_count,
        "net_revenue": money(sum(values)),
        "average_order_value": average(sum(values), order_count),
        "average_orders_per_customer": average(100 * order_count, len(customers)),
        "repeat_customer_count": repeat_count,
        "repeat_customer_rate": rate(repeat_count, len(customers)),
        "repeat_order_count": order_count - len(customers),
        "average_lifetime_value": average(sum(values), len(customers)),
        "median_lifetime_value": median(values),
    }


def _effect_rows(facts: Facts, members: list[list[Order]], window_days: int) -> list[Row]:
    joiners = [
        (joining.head.business_date, orders)
        for orders in members
        if (joining := _joining_order(orders)) is not None and joining is not orders[0]
    ]
    observed = [joiner for joiner in joiners if _is_observed(facts, joiner[0], window_days)]
    months = group_by(observed, lambda joiner: month_start(joiner[0]))
    return [_effect_row(month, own, window_days) for month, own in months.items()]


def _is_observed(facts: Facts, joined: date, window_days: int) -> bool:
    before, after = before_and_after(joined, window_days)
    return facts.span is not None and facts.span[0] <= before[0] and after[1] <= facts.span[1]


def _effect_row(month: date, joiners: list[tuple[date, list[Order]]], window_days: int) -> Row:
    orders_before = orders_after = net_before = net_after = 0
    for joined, orders in joiners:
        before, after = (History(orders).between(*days) for days in before_and_after(joined, window_days))
        orders_before, net_before = orders_before + before[0], net_before + before[1]
        orders_after, net_after = orders_after + after[0], net_after + after[1]
    return {
        "joined_month": month,
        "customer_count": len(joiners),
        "orders_before": orders_before,
        "orders_after": orders_after,
        "net_revenue_before": money(net_before),
        "net_revenue_after": money(net_after),
        "net_revenue_change_pct": change_pct(net_before, net_after),
    }
