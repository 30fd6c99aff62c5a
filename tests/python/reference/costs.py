"""Assumed food cost."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

from .facts import Line, Order
from .inputs import Seeds, Settings


def food_cost(lines: Iterable[Line], settings: Settings, seeds: Seeds) -> int:
    """Return the assumed food cost of some lines in cents: exact, rounded once at the end."""
    gross: Counter[str] = Counter()
    for line in lines:
        gross[line.item_category] += line.gross
    rates = seeds.menu_category_costs
    with localcontext(prec=100):
        cost = sum(
            (rates.get(name, settings.default_food_cost_rate) * amount for name, amount in gross.items()),
            start=Decimal(0),
        )
        return int(cost.quantize(Decimal(1), ROUND_HALF_UP))


def lines_of(orders: Iterable[Order]) -> list[Line]:
    """Return the lines of some orders."""
    return [line for order in orders for line in order.lines]
