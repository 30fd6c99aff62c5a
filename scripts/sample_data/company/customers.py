"""Who orders: how often each customer comes, when they are around, whether they join the programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_data.plan import Array, Plan, pick, stream

ONE_TIME_SHARE = 0.5
PACE_SIGMA = 0.8
"""Log-normal spread of returning customers' paces; how often they come follows from the orders asked for."""

LIFE_DAYS, LIFE_SIGMA, SHORTEST_LIFE = 240.0, 1.0, 5.0
"""Returning customers stay for exponential times: median of their means, spread of it, and the least days."""

EARLY_START = 0.5
"""How far a life may reach back before the period, as a share of its length."""

FADING_SHARE, FADING_MEAN = 0.35, 1.0
"""How many customers fade, and how much faster than a steady one on average: at 1, linearly to nothing."""

APPETITE_SIGMA = 0.8
"""Spread of the customers' log-normal appetite (mean 1) for lines beyond an order's first."""

SUMMER_SHARE = 0.08
JOINER_SHARE = 0.138
LOYAL_SHARE = 0.226
FORGETFUL_SHARE = 0.10
"""Of the joiners: those who forget their card now and then, so that their orders tell no joining date."""

JOINING_UPLIFT = 1.3
"""A joiner's orders per day after joining, as a multiple of before."""

NEVER, JOINS, FORGETS, ALWAYS = range(4)


def orders_by(position: Array, fading: Array) -> Array:
    """Share of a life's orders placed by a position in it (0 to 1)."""
    return np.asarray(1 - (1 - position) ** fading)


@dataclass(frozen=True)
class Lives:
    """When customers are around, which may begin before the period and end after it; one value per customer.

    Attributes:
        start, length: the life, as shares of the period's business.
        seen_from, seen_to: the part of the life that lies in the period, as shares of the life.
        fading: how fast orders become rarer through the life; 1 = not at all, 2 = linearly to nothing.
    """

    start: Array
    length: Array
    seen_from: Array
    seen_to: Array
    fading: Array

    @property
    def seen(self) -> Array:
        """Share of a life's orders that lie in the period."""
        return np.asarray(orders_by(self.seen_to, self.fading) - orders_by(self.seen_from, self.fading))


@dataclass(frozen=True)
class Customers:
    """One value per customer; positions are shares (0 to 1) of the period's business.

    Attributes:
        orders: number of orders (int64, at least 1).
        lives: when the customer is around.
        summer: orders in summer only.
        home: number of the home restaurant.
        loyalty: NEVER, JOINS, FORGETS or ALWAYS.
        joined: where in the part of life that is seen a joiner joins (0 to 1).
        appetite: lines of an order beyond the first, relative to other customers.
    """

    orders: Array
    lives: Lives
    summer: Array
    home: Array
    loyalty: Array
    joined: Array
    appetite: Array


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
    returning = _returning(rng, plan)
    lives = _lives(rng, plan, returning)
    orders = _order_counts(rng, plan, returning, lives)
    loyalty, joined = _loyalty(rng, orders, plan)
    return Customers(
        orders=orders,
        lives=lives,
        summer=rng.random(plan.customers) < SUMMER_SHARE,
        home=pick(rng, restaurants.size, plan.customers),
        loyalty=loyalty,
        joined=joined,
        appetite=rng.lognormal(-(APPETITE_SIGMA**2) / 2, APPETITE_SIGMA, plan.customers),
    )


def _returning(rng: np.random.Generator, plan: Plan) -> Array:
    """Who ever comes again: half of the customers, or fewer when there are not orders enough."""
    total, n = plan.customer_orders, plan.customers
    once = min(n, max(round(n * ONE_TIME_SHARE), 2 * n - total)) if total > n else n
    return rng.permutation(np.arange(n) >= once)


def _lives(rng: np.random.Generator, plan: Plan, returning: Array) -> Lives:
    """Lives begin anywhere in the period or before; of customers who never return they are a moment."""
    n = plan.customers
    mean = rng.lognormal(np.log(LIFE_DAYS), LIFE_SIGMA, n)
    days = np.maximum(SHORTEST_LIFE, mean * rng.standard_exponential(n))
    length = np.where(returning, days / plan.days, 0.0)
    start = rng.random(n) - EARLY_START * np.minimum(1.0, length)
    whole = np.where(returning, length, 1.0)
    fades = rng.random(n) < FADING_SHARE
    return Lives(
        start=np.where(returning, start, np.maximum(0.0, start)),
        length=length,
        seen_from=np.clip(-start / whole, 0.0, 1.0) * returning,
        seen_to=np.clip((1 - start) / whole, 0.0, 1.0),
        fading=1 + fades * FADING_MEAN * rng.standard_exponential(n),
    )


def _order_counts(rng: np.random.Generator, plan: Plan, returning: Array, lives: Lives) -> Array:
    """One order of everybody, two of who returns, and of the rest as many as pace and life bring."""
    total, n = plan.customer_orders, plan.customers
    orders = np.where(returning, 2, 1)
    rest = total - int(orders.sum())
    if rest > 0:
        brings = rng.lognormal(0.0, PACE_SIGMA, n) * lives.length * lives.seen
        brings = brings if brings.any() else np.ones(n)
        orders += np.bincount(pick(rng, brings, rest), minlength=n)
    return orders


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
