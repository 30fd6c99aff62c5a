"""Customers join the loyalty programme on any order with the same chance, and order more often afterwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from sample_data.company.customers import make_customers, make_restaurants
from sample_data.company.orders import make_orders
from sample_data.plan import Array, Columns, Plan, default_customers
from tests.python.reference import Settings
from tests.python.reference.facts import Head, Order, Row
from tests.python.reference.joining_effect import joining_effect_rows

PLAN = Plan(lines=60_000, customers=default_customers(60_000))


def orders_of(plan: Plan) -> Columns:
    restaurants = make_restaurants(plan)
    return make_orders(plan, restaurants, make_customers(plan, restaurants))


@pytest.fixture(scope="module")
def orders() -> Columns:
    return orders_of(PLAN)


def ranks(orders: Columns) -> tuple[Array, Array]:
    """Number of each order (from 0) up to a customer's first loyal one, and whether it is that one."""
    known = np.flatnonzero(orders["customer"] >= 0)
    known = known[np.argsort(orders["customer"][known], kind="stable")]
    customer, loyal = orders["customer"][known], orders["loyal"][known]
    starts = np.flatnonzero(np.r_[True, customer[1:] != customer[:-1]])
    lengths = np.diff(np.r_[starts, len(customer)])
    rank = np.arange(len(customer)) - np.repeat(starts, lengths)
    shown_before = np.cumsum(loyal) - loyal
    shown_before -= np.repeat(shown_before[starts], lengths)
    may_join = shown_before == 0
    return rank[may_join], loyal[may_join]


def test_every_order_has_the_same_chance(orders: Columns) -> None:
    rank, joins = ranks(orders)
    chance = make_customers(PLAN, make_restaurants(PLAN)).joining_chance
    for low, high in ((0, 1), (1, 2), (2, 5), (5, 20), (20, 1_000)):
        chosen = joins[(rank >= low) & (rank < high)]
        assert len(chosen) > 2_000
        assert abs(chosen.mean() - chance) < 4 * np.sqrt(chance / len(chosen))


def test_nobody_else_shows_a_card(orders: Columns) -> None:
    assert not orders["loyal"][orders["customer"] < 0].any()


@pytest.mark.parametrize("effect", [0, 10, 100])
def test_an_effect_leaves_the_number_of_orders_as_it_is(effect: int) -> None:
    plan = replace(PLAN, loyalty_effect=effect)
    found = orders_of(plan)
    assert len(found["order"]) == plan.orders
    counts = np.bincount(found["customer"][found["customer"] >= 0], minlength=plan.customers)
    assert counts.sum() == plan.customer_orders
    assert counts.min() == 1
    assert np.mean(counts == 1) == pytest.approx(0.5, abs=0.01)
    assert found["loyal"].mean() == pytest.approx(0.226, abs=0.02)


TWENTY_THOUSAND = Plan(lines=202_000, customers=20_000)
"""About 1,350 joiners have both windows in the data: the excess has a standard error of 2.7 points."""


def joining_effect(plan: Plan) -> Row:
    """The reference's row of all joiners; orders have no lines, since only their number counts."""
    found = orders_of(plan)
    customers: dict[int, list[Order]] = defaultdict(list)
    columns = (found[name].tolist() for name in ("order", "customer", "day", "ms", "loyal"))
    for number, customer, day, milliseconds, is_loyal in zip(*columns, strict=True):
        if customer >= 0:
            time = datetime.fromtimestamp(milliseconds / 1_000, UTC).replace(tzinfo=None)
            head = Head(
                order_id=str(number),
                customer_id=str(customer),
                location_id="r1",
                app_name=None,
                ordered_at_utc=time,
                ordered_at_local=time,
                business_date=plan.date_of(day),
                order_hour=time.hour,
                daypart=None,
                is_loyalty=is_loyal,
            )
            customers[customer].append(Order(head, ()))
    rows = joining_effect_rows(list(customers.values()), (plan.start_date, plan.end_date), Settings())
    return next(row for row in rows if row["joined_period"] == "all")


def effect_found(plan: Plan) -> float:
    """The percentage of orders that joining is found to bring, freed of the control's own joining."""
    row = joining_effect(plan)
    excess, non_member = (float(str(row[name])) for name in ("excess_orders_pct", "control_non_member_pct"))
    assert non_member >= 50
    return 100 * excess / non_member


@pytest.mark.thorough
@pytest.mark.parametrize(("effect", "margin"), [(0, 4), (10, 5)])
def test_the_marts_find_the_effect(effect: int, margin: int) -> None:
    """The mean of three companies, whose standard error is 1.6 points."""
    plans = [replace(TWENTY_THOUSAND, loyalty_effect=effect, seed=seed) for seed in (1, 2, 3)]
    assert np.mean([effect_found(plan) for plan in plans]) == pytest.approx(effect, abs=margin)
