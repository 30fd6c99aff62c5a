"""Who orders: how often each customer comes, when they are around, how likely they join the programme."""

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
LOYAL_SHARE = 0.226
"""Share of all orders, guests' too, on which a card is shown; the chance of joining follows from it."""

FORGETFUL_SHARE, FORGETFUL_SHOWS = 0.10, 0.6
"""Of the members: those who forget their card now and then, and how often they show it after joining."""

_ROUNDS = 8


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
    """One value per customer, but for the last two.

    Attributes:
        orders: number of orders (int64, at least 1), those left out that follow from joining the programme.
        lives: when the customer is around.
        summer: orders in summer only.
        home: number of the home restaurant.
        forgetful: as a member, shows the card now and then only.
        appetite: lines of an order beyond the first, relative to other customers.
        joining_chance: how likely a customer who has not joined yet does so on an order, whoever orders when.
        more_orders: orders that members place because they joined, all customers together.
    """

    orders: Array
    lives: Lives
    summer: Array
    home: Array
    forgetful: Array
    appetite: Array
    joining_chance: float
    more_orders: int


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
    """Draws the customers of a plan; all their orders add up to the plan's customer orders."""
    rng = stream(plan.seed, "customers")
    returning = _returning(rng, plan)
    lives = _lives(rng, plan, returning)
    brings = rng.lognormal(0.0, PACE_SIGMA, plan.customers) * lives.length * lives.seen
    if_nobody_joined = _order_counts(rng, plan.customer_orders, returning, brings)
    chance, more = _joining(if_nobody_joined, plan)
    return Customers(
        orders=_order_counts(rng, plan.customer_orders - more, returning, brings),
        lives=lives,
        summer=rng.random(plan.customers) < SUMMER_SHARE,
        home=pick(rng, restaurants.size, plan.customers),
        forgetful=rng.random(plan.customers) < FORGETFUL_SHARE,
        appetite=rng.lognormal(-(APPETITE_SIGMA**2) / 2, APPETITE_SIGMA, plan.customers),
        joining_chance=chance,
        more_orders=more,
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


def _order_counts(rng: np.random.Generator, total: int, returning: Array, brings: Array) -> Array:
    """One order of everybody, two of who returns, and of the rest as many as pace and life bring."""
    orders = np.where(returning, 2, 1)
    rest = total - int(orders.sum())
    if rest > 0:
        weights = brings if brings.any() else np.ones(len(brings))
        orders += np.bincount(pick(rng, weights, rest), minlength=len(orders))
    return orders


def _joining(orders: Array, plan: Plan) -> tuple[float, int]:
    """The chance of joining on an order, and how many of all orders members place because they joined.

    With the chance 22.6 % of all orders are expected to be loyal. What members order more is taken from
    what all customers order, each of whom keeps an order, or two.
    """
    count, customers = np.unique(orders, return_counts=True)
    least = np.minimum(count, 2)
    free = max(1, plan.customer_orders - int(least @ customers))
    chance, more = 0.0, 0.0
    for _ in range(_ROUNDS):
        left = least + (count - least) * (1 - more / free)
        chance = _joining_chance(left, customers, plan)
        more = min(free, plan.loyalty_effect / 100 * float(_expected(left, chance)[1] @ customers))
    return chance, round(more)


def _joining_chance(orders: Array, customers: Array, plan: Plan) -> float:
    """The chance with which so many customers, ordering so often, show a card on the share asked for."""
    chances = np.geomspace(1e-4, 1.0, 400)
    joining, after = _expected(orders, chances[:, None])
    shown = 1 - FORGETFUL_SHARE * (1 - FORGETFUL_SHOWS)
    loyal = (joining + shown * (1 + plan.loyalty_effect / 100) * after) @ customers
    return float(np.interp(LOYAL_SHARE * plan.orders, loyal, chances))


def _expected(orders: Array, chance: Array | float) -> tuple[Array, Array]:
    """Expected orders on which customers of so many orders join, and expected ones after it."""
    joining = 1 - (1 - chance) ** orders
    return joining, orders - joining / chance
