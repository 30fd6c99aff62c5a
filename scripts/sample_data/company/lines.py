"""What is ordered: items, quantities and line prices."""

from __future__ import annotations

import numpy as np

from sample_data.company import calendar, catalog
from sample_data.company.customers import Customers, Restaurants
from sample_data.plan import Array, Columns, Plan, pick, stream

SMALL_QUANTITIES = (0.902, 0.070, 0.014, 0.006, 0.008)
"""Shares of quantities 1, 2, 3, 4 and of 5 and more (catering)."""

CATERING_LOW, CATERING_HIGH, CATERING_EXPONENT = 5, 500, 2.5
"""Catering quantities follow a power law between these bounds: with it, reading the line price as a unit
price inflates revenue about 5.6 times, as in the real export."""

YEARLY_RISE = 1.035
_ORDER_COLUMNS = ("order", "day", "ms", "digits", "customer", "restaurant", "app", "loyal")


def make_lines(plan: Plan, restaurants: Restaurants, customers: Customers, orders: Columns) -> Columns:
    """Draws exactly `plan.lines` lines, one per order and geometrically many more; sorted as the orders are.

    Returns:
        line (0, 1, …), the order's columns, first (whether the order's first line), item, category, quantity,
        cents (of the whole line), currency; one row per line.
    """
    rng = stream(plan.seed, "lines")
    counts = _lines_per_order(rng, plan, customers.appetite, orders["customer"])
    of = np.repeat(orders["order"], counts)
    item = pick(rng, _item_weights(rng), plan.lines)
    quantity = _quantities(rng, plan.lines)
    unit = unit_prices(plan, restaurants)[item, orders["restaurant"][of], _years(plan)[orders["day"][of]]]
    return {
        "line": np.arange(plan.lines),
        "first": np.r_[True, of[1:] != of[:-1]],
        "item": item,
        "category": np.array(catalog.CATEGORY_OF_ITEM)[item],
        "quantity": quantity,
        "cents": unit * quantity,
        "currency": np.zeros(plan.lines, dtype=np.int8),
    } | {name: orders[name][of] for name in _ORDER_COLUMNS}


def _lines_per_order(rng: np.random.Generator, plan: Plan, appetites: Array, customer: Array) -> Array:
    """One line of each order, the others by appetite: the day's, times the customer's (a guest's is 1)."""
    appetite = rng.standard_exponential(plan.orders) * np.where(customer < 0, 1.0, appetites[customer])
    return 1 + np.bincount(pick(rng, appetite, plan.lines - plan.orders), minlength=plan.orders)


def _item_weights(rng: np.random.Generator) -> Array:
    """Categories by Zipf's law in the catalogue's order, items of a category log-normal."""
    category = np.array(catalog.CATEGORY_OF_ITEM)
    return np.asarray(rng.lognormal(0.0, 0.5, len(category)) / (category + 3.0))


def _quantities(rng: np.random.Generator, size: int) -> Array:
    quantity = 1 + pick(rng, np.array(SMALL_QUANTITIES), size)
    power = 1 - CATERING_EXPONENT
    low, high = CATERING_LOW**power, (CATERING_HIGH + 1) ** power
    catering = (low - rng.random(size) * (low - high)) ** (1 / power)
    return np.where(quantity == 5, catering.astype(np.int64).clip(CATERING_LOW, CATERING_HIGH), quantity)


def unit_prices(plan: Plan, restaurants: Restaurants) -> Array:
    """Unit prices in cents, multiples of 5 (int64, shape items, restaurants, calendar years of the period).

    An item's base price at the restaurant's level, 3.5 % more each calendar year.
    """
    rise = YEARLY_RISE ** np.arange(int(_years(plan)[-1]) + 1)
    base = np.array(catalog.ITEM_CENTS, dtype=np.float64)
    exact = base[:, None, None] * restaurants.price_level[None, :, None] * rise[None, None, :]
    return np.asarray(5 * np.floor(exact / 5 + 0.5)).astype(np.int64)


def _years(plan: Plan) -> Array:
    years = np.array([date.year for date in calendar.dates(plan)])
    return np.asarray(years - years[0])
