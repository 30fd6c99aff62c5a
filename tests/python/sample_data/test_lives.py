"""Customers of a long sample come at their own pace, stay for their own time and fade at their own speed."""

from __future__ import annotations

import numpy as np
import pytest

from sample_data.company.customers import Customers, make_customers, make_restaurants
from sample_data.company.orders import make_orders
from sample_data.plan import Array, Columns, Plan, default_customers

THREE_YEARS = Plan(lines=60_000, days=1_096, customers=default_customers(60_000))


@pytest.fixture(scope="module")
def customers() -> Customers:
    return make_customers(THREE_YEARS, make_restaurants(THREE_YEARS))


@pytest.fixture(scope="module")
def orders(customers: Customers) -> Columns:
    return make_orders(THREE_YEARS, make_restaurants(THREE_YEARS), customers)


def share_in_first_half(customers: Customers, orders: Columns, which: Array) -> float:
    """Share of the orders of some customers that lie in the first half of the time between first and last."""
    of = orders["customer"]
    ordered = of >= 0
    first, last = np.full(len(which), np.inf), np.zeros(len(which))
    np.minimum.at(first, of[ordered], orders["day"][ordered])
    np.maximum.at(last, of[ordered], orders["day"][ordered])
    lives = customers.lives
    chosen = ordered & which[of] & (lives.seen_from[of] == 0) & (lives.seen_to[of] == 1)
    middle = (first + last)[of] / 2
    return float(np.mean(orders["day"][chosen] <= middle[chosen]))


def test_paces_differ(customers: Customers) -> None:
    lives = customers.lives
    days = THREE_YEARS.days * lives.length * (lives.seen_to - lives.seen_from)
    regular = customers.orders > 5
    slow, fast = np.quantile(customers.orders[regular] / days[regular], (0.1, 0.9))
    assert fast > 4 * slow


def test_some_stay_for_years_and_most_do_not(customers: Customers) -> None:
    days = THREE_YEARS.days * customers.lives.length[customers.orders > 1]
    assert 0.05 < np.mean(days > 730) < 0.25
    assert 0.5 < np.mean(days < 365) < 0.9


def test_lives_begin_before_the_period_and_end_after_it(customers: Customers) -> None:
    lives = customers.lives
    assert np.mean(lives.seen_from > 0) > 0.05
    assert np.mean(lives.seen_to < 1) > 0.05
    assert ((lives.seen_from < lives.seen_to) | (customers.orders == 1)).all()


def test_the_faster_they_fade_the_earlier_they_order(customers: Customers, orders: Columns) -> None:
    regular = (customers.orders > 5) & ~customers.summer
    fading = customers.lives.fading
    steady, some, fast = (
        share_in_first_half(customers, orders, regular & speeds)
        for speeds in (fading == 1, (fading > 1) & (fading <= 2), fading > 2.5)
    )
    assert 0.45 < steady < some < fast
