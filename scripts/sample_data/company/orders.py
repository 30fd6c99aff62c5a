"""When and where orders are placed."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sample_data.company import calendar, catalog
from sample_data.company.customers import FORGETFUL_SHOWS, Customers, Restaurants, orders_by
from sample_data.plan import Array, Columns, Plan, pick, stream

AT_HOME = 0.86
"""Share of a customer's orders placed at the home restaurant, once that is open."""

FRACTION_DIGITS = (0.10, 0.15, 0.20, 0.55)
"""Shares of times written with 0, 1, 2 and 3 fractional digits."""

_DAY_MS = 86_400_000


def make_orders(plan: Plan, restaurants: Restaurants, customers: Customers) -> Columns:
    """Draws all orders, sorted by local time.

    Returns:
        order (0, 1, …), day (from 0), minute (of the local day), ms (UTC, since 1970), digits (of the
        second's fraction), customer (-1 = guest), restaurant, app, loyal; one row per order.
    """
    rng = stream(plan.seed, "orders")
    plain_count = plan.orders - customers.more_orders
    of_guests = plain_count - int(customers.orders.sum())
    customer = np.repeat(np.arange(-1, plan.customers), [of_guests, *customers.orders])
    plain = _placed(rng, plan, customers, customer, rng.random(plain_count))
    joined = _joining_orders(rng, customers, plain)
    more = _placed(rng, plan, customers, *_more(rng, customers, plain, joined))
    placed = {name: np.r_[plain[name], more[name]] for name in plain}
    loyal = _loyal(rng, customers, placed, joined)
    by_time = np.argsort(placed["local"], kind="stable")
    customer, day, minute, local = (placed[name][by_time] for name in ("customer", "day", "minute", "local"))
    return {
        "order": np.arange(plan.orders),
        "day": day,
        "minute": minute,
        "ms": _utc(plan, day, minute, local),
        "digits": pick(rng, np.array(FRACTION_DIGITS), plan.orders).astype(np.int8),
        "customer": customer,
        "restaurant": _restaurants(rng, restaurants, customers, customer, day),
        "app": pick(rng, np.array(catalog.APP_SHARES), plan.orders).astype(np.int8),
        "loyal": loyal[by_time],
    }


def _placed(
    rng: np.random.Generator, plan: Plan, customers: Customers, customer: Array, drawn: Array
) -> Columns:
    """Orders at positions `drawn` (0 to 1) among all that their customer may place; local is milliseconds."""
    day = _days(plan, customers, customer, drawn)
    minute = _minutes(rng, plan, day)
    local = day * _DAY_MS + minute * 60_000 + rng.integers(0, 60_000, len(day))
    return {"customer": customer, "drawn": drawn, "day": day, "minute": minute, "local": local}


def _joining_orders(rng: np.random.Generator, customers: Customers, orders: Columns) -> Array:
    """Number of the order on which each customer joins, -1 for never: the first one of equal chances."""
    joins = (rng.random(len(orders["customer"])) < customers.joining_chance) & (orders["customer"] >= 0)
    chosen = np.flatnonzero(joins)
    chosen = chosen[np.argsort(orders["local"][chosen], kind="stable")]
    customer, first = np.unique(orders["customer"][chosen], return_index=True)
    joined = np.full(len(customers.orders), -1)
    joined[customer] = chosen[first]
    return joined


def _more(
    rng: np.random.Generator, customers: Customers, orders: Columns, joined: Array
) -> tuple[Array, Array]:
    """Customer and position of the orders that follow from joining, in proportion to others after it."""
    customer = orders["customer"]
    is_after = _is_member(orders, joined) & (np.arange(len(customer)) != joined[customer])
    # In the smallest samples nobody may have joined: then these are orders like any other.
    chosen = pick(rng, is_after if is_after.any() else customer >= 0, customers.more_orders)
    ordering = customer[chosen]
    joined_at = np.where(joined[ordering] >= 0, orders["drawn"][joined[ordering]], 0.0)
    return ordering, joined_at + (1 - joined_at) * rng.random(len(chosen))


def _is_member(orders: Columns, joined: Array) -> Array:
    """Whether an order is placed on joining or after it."""
    local, joining = orders["local"], joined[orders["customer"]]
    is_joiner = (orders["customer"] >= 0) & (joining >= 0)
    return np.asarray(is_joiner & (local >= local[joining]))


def _loyal(rng: np.random.Generator, customers: Customers, orders: Columns, joined: Array) -> Array:
    """True per order where the card was shown: by members, on joining always."""
    customer = orders["customer"]
    shows = ~customers.forgetful[customer] | (rng.random(len(customer)) < FORGETFUL_SHOWS)
    is_joining = np.arange(len(customer)) == joined[customer]
    return np.asarray(_is_member(orders, joined) & (shows | is_joining))


def _days(plan: Plan, customers: Customers, customer: Array, drawn: Array) -> Array:
    """Places orders in the customers' lives, on a clock of business done that runs faster on busy days."""
    guest = customer < 0
    lives = customers.lives
    moved = lives.start[customer] + lives.length[customer] * _within_life(customers, customer, drawn)
    position = np.where(guest, drawn, moved)
    summer = customers.summer[customer] & ~guest
    usual_day = _on_clock(calendar.day_weights(plan), position)
    return np.where(summer, _on_clock(calendar.summer_weights(plan), position), usual_day)


def _within_life(customers: Customers, customer: Array, drawn: Array) -> Array:
    """Positions in a life, at a rate that is constant or fades at the customer's own speed.

    The rate is that of the whole life, of which the period shows a part.
    """
    lives = customers.lives
    fading = lives.fading[customer]
    placed = orders_by(lives.seen_from[customer], fading) + drawn * lives.seen[customer]
    return np.asarray(1 - (1 - placed) ** (1 / fading))


def _on_clock(weights: Array, position: Array) -> Array:
    steps = np.cumsum(weights)
    day: Array = np.searchsorted(steps / steps[-1], position, side="right")
    return day.clip(max=len(weights) - 1)


def _minutes(rng: np.random.Generator, plan: Plan, day: Array) -> Array:
    weekend = np.array([date.weekday() >= 5 for date in calendar.dates(plan)])[day]
    weekday_minute = pick(rng, calendar.minute_weights(weekend=False), len(day))
    weekend_minute = pick(rng, calendar.minute_weights(weekend=True), len(day))
    return np.where(weekend, weekend_minute, weekday_minute)


def _utc(plan: Plan, day: Array, minute: Array, local: Array) -> Array:
    night, daytime = calendar.utc_offsets(plan)
    epoch = (plan.start_date - dt.date(1970, 1, 1)).days * _DAY_MS
    return epoch + local + np.where(minute < 120, night[day], daytime[day])


def _restaurants(
    rng: np.random.Generator, restaurants: Restaurants, customers: Customers, customer: Array, day: Array
) -> Array:
    """The home restaurant, or any open one in proportion to its size (they are sorted by opening day)."""
    home = customers.home[customer]
    stays = (customer >= 0) & (restaurants.opened[home] <= day) & (rng.random(len(day)) < AT_HOME)
    sizes = np.cumsum(restaurants.size)
    open_now = np.searchsorted(restaurants.opened, day, side="right")
    elsewhere = np.searchsorted(sizes, rng.random(len(day)) * sizes[open_now - 1], side="right")
    return np.where(stays, home, np.minimum(elsewhere, open_now - 1))
