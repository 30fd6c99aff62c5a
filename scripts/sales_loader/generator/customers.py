"""Who orders: how often each customer comes, when they are around, whether they join the programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sales_loader.generator.plan import Array, Plan, pick, stream

ONE_TIME_SHARE = 0.5
TAIL_SIGMA = 1.2
"""Spread of returning customers' log-normal weights: the heaviest of 20,000 orders a few hundred times."""

PACE_DAYS, PACE_SIGMA = 12.0, 0.8
"""Median days between orders of a returning customer, and the log-normal spread of it."""

EARLY_START = 0.5
"""How far a window may reach back before the period, as a share of its length."""

FADING_SHARE = 0.35
SUMMER_SHARE = 0.08
JOINER_SHARE = 0.138
LOYAL_SHARE = 0.226
FORGETFUL_SHARE = 0.10
"""Of the joiners: those who forget their card now and then, so that their orders tell no joining date."""

JOINING_UPLIFT = 1.3
"""A joiner's orders per day after joining, as a multiple of before."""

NEVER, JOINS, FORGETS, ALWAYS = range(4)


@dataclass(frozen=True)
class Customers:
    """One value per customer; positions are shares (0 to 1) of the period's business.

    Attributes:
        orders: number of orders (int64, at least 1).
        start, length: window in which the customer is around.
        fading: orders become rarer towards the window's end.
        summer: orders in summer only.
        home: number of the home restaurant.
        loyalty: NEVER, JOINS, FORGETS or ALWAYS.
        joined: where in the window a joiner joins (0 to 1).
    """

    orders: Array
    start: Array
    length: Array
    fading: Array
    summer: Array
    home: Array
    loyalty: Array
    joined: Array


@dataclass(frozen=True)
class Restaurants:
    """Per restaurant, sorted by opening day: size (relative), opened (day), price_level (factor near 1)."""

    size: Array
    opened: Array
    price_level: Array


def make_restaurants(plan: Plan) -> Restaurants:
    """Log-normal sizes (sigma 0.45); seven in ten are open from the first day, all after 70 % of the days."""
    rng = stream(plan.seed, "restaurants")
    late = rng.random(plan.restaurants) > 0.7
    opened = np.sort(np.where(late, rng.random(plan.restaurants) * 0.7 * plan.days, 0).astype(np.int64))
    opened[0] = 0
    size = rng.lognormal(0.0, 0.45, plan.restaurants)
    return Restaurants(size, opened, rng.uniform(0.94, 1.12, plan.restaurants))


def make_customers(plan: Plan, restaurants: Restaurants) -> Customers:
    """Draws the customers of a plan; their orders add up to the plan's customer orders."""
    rng = stream(plan.seed, "customers")
    orders = _order_counts(rng, plan)
    start, length = _windows(rng, plan, orders)
    loyalty, joined = _loyalty(rng, orders, plan)
    return Customers(
        orders=orders,
        start=start,
        length=length,
        fading=rng.random(plan.customers) < FADING_SHARE,
        summer=rng.random(plan.customers) < SUMMER_SHARE,
        home=pick(rng, restaurants.size, plan.customers),
        loyalty=loyalty,
        joined=joined,
    )


def _order_counts(rng: np.random.Generator, plan: Plan) -> Array:
    """Half of the customers order once; the others twice plus a share of the rest by log-normal weight."""
    total, n = plan.customer_orders, plan.customers
    once = min(n, max(round(n * ONE_TIME_SHARE), 2 * n - total))
    once = once if total > n else n
    orders = np.where(np.arange(n) < once, 1, 2)
    rest = total - int(orders.sum())
    if rest > 0:
        weights = rng.lognormal(0.0, TAIL_SIGMA, n) * (orders > 1)
        weights = weights if weights.any() else np.ones(n)
        orders += np.bincount(pick(rng, weights, rest), minlength=n)
    return rng.permutation(orders)


def _windows(rng: np.random.Generator, plan: Plan, orders: Array) -> tuple[Array, Array]:
    """A window has room for the customer's orders at their pace, anywhere in the period."""
    pace = rng.lognormal(np.log(PACE_DAYS), PACE_SIGMA, plan.customers)
    length = np.minimum(1.0, orders * pace / plan.days) * (orders > 1)
    start = rng.random(plan.customers) - EARLY_START * length
    end = np.minimum(1.0, start + length)
    start = np.maximum(0.0, start)
    return start, end - start


def _loyalty(rng: np.random.Generator, orders: Array, plan: Plan) -> tuple[Array, Array]:
    """Draws who joins later, and makes others members from the start until 22.6 % of all orders are loyal.

    Joiners are 13.8 % of the customers, all of whom order at least twice.
    """
    n = len(orders)
    loyalty = np.full(n, NEVER, dtype=np.int8)
    joined = rng.uniform(0.2, 0.8, n)
    shuffled = rng.permutation(n)
    joiners = shuffled[orders[shuffled] > 1][: round(n * JOINER_SHARE)]
    loyalty[joiners] = np.where(rng.random(len(joiners)) < FORGETFUL_SHARE, FORGETS, JOINS)
    loyal = (orders - orders_before_joining(orders, joined))[joiners].sum()
    missing = LOYAL_SHARE * plan.orders - loyal
    others = shuffled[loyalty[shuffled] == NEVER]
    loyalty[others[np.cumsum(orders[others]) <= missing]] = ALWAYS
    return loyalty, joined


def orders_before_joining(orders: Array, joined: Array) -> Array:
    """Orders of a joiner without the card (int64): at least one, and one less than all at most."""
    share = joined / (joined + JOINING_UPLIFT * (1 - joined))
    before: Array = np.floor(orders * share).astype(np.int64)
    return before.clip(1, np.maximum(orders - 1, 1))
