"""Loyalty programme: members beside other customers and guests, and what joining is followed by."""

from dataclasses import dataclass
from datetime import date

from .exact import average, median, pct, rate
from .facts import Facts, Order, Row, Tables, revenue_columns
from .history import History, counted_customers
from .inputs import Seeds, Settings
from .joining_effect import joining_effect_rows
from .segments import Standing, is_at_risk, standings_of


@dataclass(frozen=True)
class Customer:
    """One customer with their orders, first order first, as of the as-of date."""

    orders: list[Order]
    standing: Standing

    @property
    def is_member(self) -> bool:
        """Return whether any order is a loyalty order."""
        return any(order.head.is_loyalty for order in self.orders)

    @property
    def value(self) -> int:
        """Return the net revenue of all orders, in cents."""
        return sum(order.net for order in self.orders)


def loyalty_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the two loyalty marts."""
    orders = counted_customers(facts, seeds)
    customers = _customers(orders, facts.span, settings)
    members = [one for one in customers if one.is_member]
    others = [one for one in customers if not one.is_member]
    guest_orders = [order for order in facts.orders if order.head.customer_id is None]
    return {
        "loyalty_program_impact": [
            {"membership": "member", **_customer_columns(members, settings)},
            {"membership": "non_member", **_customer_columns(others, settings)},
            {
                "membership": "guest",
                **dict.fromkeys(_customer_columns([], settings)),
                **_order_columns(guest_orders),
            },
        ],
        "loyalty_joining_effect": joining_effect_rows(list(orders.values()), facts.span, settings),
    }


def _customers(
    orders: dict[str, list[Order]], span: tuple[date, date] | None, settings: Settings
) -> list[Customer]:
    if span is None:
        return []
    standings = standings_of({name: History(own) for name, own in orders.items()}, span[1], settings)
    return [Customer(own, standings[name]) for name, own in orders.items()]


def _order_columns(orders: list[Order]) -> Row:
    gross, discount = sum(order.gross for order in orders), sum(order.discount for order in orders)
    return {
        "order_count": len(orders),
        **revenue_columns(orders),
        "average_order_value": average(gross - discount, len(orders)),
        "average_discount_pct": pct(discount, gross),
    }


def _customer_columns(customers: list[Customer], settings: Settings) -> Row:
    orders = [order for one in customers for order in one.orders]
    standings = [one.standing for one in customers]
    values = [one.value for one in customers]
    number = len(customers)
    active = sum(not is_at_risk(one, settings) for one in standings)
    repeat = sum(len(one.orders) >= 2 for one in customers)
    return {
        "customer_count": number,
        "active_customer_count": active,
        "active_customer_rate": rate(active, number),
        **_order_columns(orders),
        "average_orders_per_customer": average(100 * len(orders), number),
        "repeat_customer_count": repeat,
        "repeat_customer_rate": rate(repeat, number),
        "repeat_order_count": len(orders) - number,
        "average_lifetime_value": average(sum(values), number),
        "median_lifetime_value": median(values),
        "average_orders_in_window": average(100 * sum(one.frequency for one in standings), number),
        "average_net_revenue_in_window": average(sum(one.monetary for one in standings), number),
        "average_customer_age_days": average(100 * sum(one.age_days for one in standings), number),
    }
