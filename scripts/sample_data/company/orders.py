"""When and where orders are placed."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sample_data.company import calendar, catalog
from sample_data.company.customers import (
    ALWAYS,
    FORGETS,
    JOINING_UPLIFT,
    JOINS,
    Customers,
    Restaurants,
    orders_before_joining,
    orders_by,
)
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
    customer = np.repeat(
        np.arange(-1, plan.customers), [plan.orders - plan.customer_orders, *customers.orders]
    )
    day = _days(rng, plan, customers, customer)
    minute = _minutes(rng, plan, day)
    local = day * _DAY_MS + minute * 60_000 + rng.integers(0, 60_000, plan.orders)
    loyal = _loyal(rng, customers, customer, local)
    by_time = np.argsort(local, kind="stable")
    customer, day, minute = customer[by_time], day[by_time], minute[by_time]
    return {
        "order": np.arange(plan.orders),
        "day": day,
        "minute": minute,
        "ms": _utc(plan, day, minute, local[by_time]),
        "digits": pick(rng, np.array(FRACTION_DIGITS), plan.orders).astype(np.int8),
        "customer": customer,
        "restaurant": _restaurants(rng, restaurants, customers, customer, day),
        "app": pick(rng, np.array(catalog.APP_SHARES), plan.orders).astype(np.int8),
        "loyal": loyal[by_time],
    }


def _days(rng: np.random.Generator, plan: Plan, customers: Customers, customer: Array) -> Array:
    """Places orders in the customers' lives, on a clock of business done that runs faster on busy days."""
    drawn = rng.random(plan.orders)
    guest = customer < 0
    lives = customers.lives
    moved = lives.start[customer] + lives.length[customer] * _within_life(customers, customer, drawn)
    position = np.where(guest, drawn, moved)
    summer = customers.summer[customer] & ~guest
    usual_day = _on_clock(calendar.day_weights(plan), position)
    return np.where(summer, _on_clock(calendar.summer_weights(plan), position), usual_day)


def _within_life(customers: Customers, customer: Array, drawn: Array) -> Array:
    """Joiners: constant rate, 1.3 times it after joining. Others: constant, or fading at their own speed.

    The rate is that of the whole life, of which the period shows a part.
    """
    lives, split = customers.lives, customers.joined[customer]
    seen_from, seen_to = lives.seen_from[customer], lives.seen_to[customer]
    stretched = drawn * (split + JOINING_UPLIFT * (1 - split))
    joiner = np.where(stretched < split, stretched, split + (stretched - split) / JOINING_UPLIFT)
    fading = lives.fading[customer]
    placed = orders_by(seen_from, fading) + drawn * lives.seen[customer]
    other = 1 - (1 - placed) ** (1 / fading)
    is_joiner = np.isin(customers.loyalty[customer], (JOINS, FORGETS))
    return np.asarray(np.where(is_joiner, seen_from + (seen_to - seen_from) * joiner, other))


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


def _loyal(rng: np.random.Generator, customers: Customers, customer: Array, local: Array) -> Array:
    """True per order where the card was shown; a joiner has at least one order without and one with it."""
    rank, total = _rank(customer, local), customers.orders[customer]
    kind = np.where(customer < 0, 0, customers.loyalty[customer])
    joined = rank >= orders_before_joining(total, customers.joined[customer])
    forgets = (rank == 0) | ((rank != 1) & (rng.random(len(rank)) < 0.6))
    loyal: Array = (kind == ALWAYS) | ((kind == JOINS) & joined) | ((kind == FORGETS) & forgets)
    return loyal


def _rank(customer: Array, local: Array) -> Array:
    """0, 1, 2 … per customer by local time, in the order of the input."""
    order = np.argsort((customer + 1) * np.int64(1 << 40) + local, kind="stable")
    grouped = customer[order]
    position = np.arange(len(order))
    first = np.r_[True, grouped[1:] != grouped[:-1]]
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = position - np.maximum.accumulate(np.where(first, position, 0))
    return rank


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
