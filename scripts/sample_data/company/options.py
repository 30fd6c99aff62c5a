"""What is added to a line: chosen options, and discounts as options with a negative price."""

from __future__ import annotations

import numpy as np

from sample_data.company import catalog
from sample_data.plan import Array, Columns, Plan, stream

LINES_WITH_OPTIONS = 0.42
ONE_MORE, MOST = 0.5, 8
"""After the first option of a line, another one follows with probability one half, up to eight."""

DISCOUNTED_ORDERS = 0.05
"""Share of the orders placed where and when a discount is given."""


def make_options(plan: Plan, orders: Columns, lines: Columns) -> Columns:
    """Draws all option rows, sorted as the lines are, a line's discount last.

    Returns:
        day, order, line, option (number in the catalogue's options, discounts after them), cents (negative =
        discount), quantity (1); one row per option.
    """
    line, option = _chosen(stream(plan.seed, "options"), plan)
    cents = np.array([cents for _, _, cents in catalog.OPTIONS])[option]
    off_line, off, off_cents = _discounts(stream(plan.seed, "discounts"), plan, orders, lines)
    together = np.r_[line, off_line]
    by_line = np.argsort(together, kind="stable")
    together = together[by_line]
    return {
        "day": lines["day"][together],
        "order": lines["order"][together],
        "line": together,
        "option": np.r_[option, off + len(catalog.OPTIONS)][by_line],
        "cents": np.r_[cents, off_cents][by_line],
        "quantity": np.ones(len(together), dtype=np.int64),
    }


def _chosen(rng: np.random.Generator, plan: Plan) -> tuple[Array, Array]:
    """Line and option number of each option; a random stride through the catalogue meets none twice."""
    count = rng.geometric(ONE_MORE, plan.lines).clip(max=MOST) * (rng.random(plan.lines) < LINES_WITH_OPTIONS)
    total = len(catalog.OPTIONS)
    start, stride = rng.integers(0, total, plan.lines), rng.integers(1, total, plan.lines)
    line = np.repeat(np.arange(plan.lines), count)
    step = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    return line, (start[line] + step * stride[line]) % total


def _discounts(
    rng: np.random.Generator, plan: Plan, orders: Columns, lines: Columns
) -> tuple[Array, Array, Array]:
    """Line, discount number and negative cents of each discount given."""
    given = _given(rng, plan, orders)[lines["order"]]
    line = np.flatnonzero(given >= 0)
    discount = given[line]
    percent = np.array([d.percent for d in catalog.DISCOUNTS])[discount]
    fixed = np.array([d.cents for d in catalog.DISCOUNTS])[discount]
    price = lines["cents"][line]
    cents = np.where(
        percent > 0, (price * percent + 50) // 100, np.minimum(fixed, price) * lines["first"][line]
    )
    used = cents > 0
    return line[used], discount[used], -cents[used]


def _given(rng: np.random.Generator, plan: Plan, orders: Columns) -> Array:
    """The discount number of each order, -1 for none: any of those that run at its time and restaurant."""
    takes_part = rng.random((len(catalog.DISCOUNTS), plan.restaurants))
    candidate = np.flatnonzero(rng.random(plan.orders) < DISCOUNTED_ORDERS)
    luck = rng.random((len(catalog.DISCOUNTS), len(candidate)))
    some = {name: orders[name][candidate] for name in ("day", "minute", "restaurant")}
    for number, discount in enumerate(catalog.DISCOUNTS):
        luck[number] *= discount.pull * _runs(plan, discount, takes_part[number], some)
    given = np.full(plan.orders, -1)
    given[candidate] = np.where(luck.any(axis=0), luck.argmax(axis=0), -1)
    return given


def first_day(plan: Plan, discount: catalog.Discount) -> int:
    """The day on which a discount begins, counted from 0."""
    return int(plan.days * discount.start)


def _runs(plan: Plan, discount: catalog.Discount, takes_part: Array, orders: Columns) -> Array:
    start = first_day(plan, discount)
    end = start + discount.days if discount.days else plan.days
    places = takes_part <= max(discount.restaurants, float(takes_part.min()))
    hour = orders["minute"] // 60
    in_time = (orders["day"] >= start) & (orders["day"] < end)
    return places[orders["restaurant"]] & in_time & (hour >= discount.hours[0]) & (hour < discount.hours[1])
