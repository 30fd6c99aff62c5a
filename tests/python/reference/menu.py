"""What each item of the menu sold and earned lately, beside the others of its category."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from .costs import food_cost, lines_of
from .exact import money, pct
from .facts import Facts, Line, Row, Tables, group_by
from .inputs import Seeds, Settings

NO_NAME = "(none)"
CLASSES = {
    (True, True): "star",
    (True, False): "plowhorse",
    (False, True): "puzzle",
    (False, False): "dog",
}
"""By whether an item is popular, and whether it is profitable."""

ItemKey = tuple[str, str]


@dataclass(frozen=True)
class Sold:
    """What one item, or all items of a category that are shown, sold; net, cost and profit are cents."""

    items: int
    quantity: int
    orders: int
    net: int
    cost: int

    @property
    def profit(self) -> int:
        """Return net revenue less the cost as it is published."""
        return self.net - self.cost


def menu_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the menu mart: items of which more were sold than given back."""
    sold = {key: one for key, one in _items(facts, settings, seeds).items() if one.quantity > 0}
    categories = {
        category: _together([sold[key] for key in keys])
        for category, keys in group_by(sold, lambda key: key[0]).items()
    }
    return {"menu_item_performance": [_row(key, one, categories[key[0]]) for key, one in sold.items()]}


def _items(facts: Facts, settings: Settings, seeds: Seeds) -> Mapping[ItemKey, Sold]:
    if facts.span is None:
        return {}
    before = facts.span[1] - timedelta(days=settings.menu_window_days)
    lines = [line for line in lines_of(facts.orders) if line.head.business_date > before]
    by_item = group_by(lines, lambda line: (line.item_category, line.item_name or NO_NAME))
    return {key: _sold(own, food_cost(own, settings, seeds)) for key, own in by_item.items()}


def _sold(lines: list[Line], cost: int) -> Sold:
    return Sold(
        items=1,
        quantity=sum(line.item_quantity for line in lines),
        orders=len({line.head.order_id for line in lines}),
        net=sum(line.net for line in lines),
        cost=cost,
    )


def _together(items: list[Sold]) -> Sold:
    return Sold(
        items=len(items),
        quantity=sum(one.quantity for one in items),
        orders=0,
        net=sum(one.net for one in items),
        cost=sum(one.cost for one in items),
    )


def _row(key: ItemKey, item: Sold, category: Sold) -> Row:
    is_popular = 10 * category.items * item.quantity >= 7 * category.quantity
    is_profitable = item.profit * category.quantity >= category.profit * item.quantity
    return {
        "item_category": key[0],
        "item_name": key[1],
        "item_quantity": item.quantity,
        "order_count": item.orders,
        "net_revenue": money(item.net),
        "estimated_food_cost": money(item.cost),
        "estimated_gross_profit": money(item.profit),
        "quantity_share_pct": pct(item.quantity, category.quantity),
        "menu_class": CLASSES[is_popular, is_profitable],
    }
