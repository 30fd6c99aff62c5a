"""A whole sample in memory: the two tables as numbers, and the texts that the numbers stand for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sample_data.company import catalog
from sample_data.company.customers import make_customers, make_restaurants
from sample_data.company.lines import make_lines
from sample_data.company.options import make_options
from sample_data.company.orders import make_orders
from sample_data.plan import Columns, Plan


@dataclass
class Sample:
    """Both tables, each sorted by `day`, the folder its row is written to.

    Attributes:
        plan: what was asked for.
        lines: line, order, day, ms (UTC), digits, customer (below 0 = guest), restaurant, app, loyal, first,
            item, category, quantity, cents, currency; numbers stand for the texts of the same name.
        options: day, order, line, option, cents, quantity.
        texts: the texts of app, category, item, currency, option_group and option_name, by number.
    """

    plan: Plan
    lines: Columns
    options: Columns
    texts: dict[str, list[str | None]] = field(default_factory=lambda: _catalog_texts())


def make_sample(plan: Plan) -> Sample:
    """Draws a clean sample: the same numbers for the same plan. Raises PlanError."""
    plan.check()
    restaurants = make_restaurants(plan)
    customers = make_customers(plan, restaurants)
    orders = make_orders(plan, restaurants, customers)
    lines = make_lines(plan, restaurants, customers, orders)
    return Sample(plan, lines, make_options(plan, orders, lines))


def hex_id(seed: int, kind: str, number: int) -> str:
    """A 24-hex id, as the export has them: the start of an MD5 of seed, kind and number.

    >>> hex_id(1, "order", 0) == hex_id(1, "order", 0) != hex_id(2, "order", 0)
    True
    """
    return hashlib.md5(f"{seed}:{kind}:{number}".encode(), usedforsecurity=False).hexdigest()[:24]


def _catalog_texts() -> dict[str, list[str | None]]:
    discounts = [(discount.group, discount.name) for discount in catalog.DISCOUNTS]
    options = [(group, name) for group, name, _ in catalog.OPTIONS] + discounts
    return {
        "app": list(catalog.APPS),
        "category": list(catalog.CATEGORIES),
        "item": list(catalog.ITEMS),
        "currency": list(catalog.CURRENCIES),
        "option_group": [group for group, _ in options],
        "option_name": [name for _, name in options],
    }
