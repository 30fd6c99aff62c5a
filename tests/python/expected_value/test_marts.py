"""The three marts equal the plain Python reading in every cell, and never look ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.python.reference import KEYS, Settings, compare
from tests.python.reference.expected_value import expected_value_tables
from tests.python.support.project_copy import Workshop

from .conftest import MARTS, build_expected_value

OTHER_SETTINGS: Mapping[str, object] = {
    "expected_value_min_month_ends": 4,
    "expected_value_full_year_month_ends": 14,
    "expected_lifetime_min_month_ends": 12,
    "expected_value_start_count": 5,
    "expected_value_order_bands": [1, 3, 8],
    "expected_value_missed_bands": [0, 0.75, 2.5, 4],
    "expected_value_min_starts": 400,
    "expected_value_ratio_weight": 25,
    "expected_value_discount": 0.9,
    "expected_value_max_order_weight": 100_000,
    "expected_value_probability_bands": [0.125, 0.5, 2],
    "expected_value_probability_weight": 3,
    "expected_value_min_probability_starts": 900,
    "clv_high_share": 0.1,
    "clv_low_share": 0.35,
}
"""No variable as shipped; the high limit of the order weight shows what the generated orders make of it."""

ORDERS = """
    select orders.customer_id, orders.business_date, cast(100 * orders.net_revenue as bigint)
    from marts.fct_orders as orders
    inner join marts.dim_customers as customers on orders.customer_id = customers.customer_id
    where not customers.is_excluded
"""


def settings_of(variables: Mapping[str, object]) -> Settings:
    """The reference's settings for dbt variables; shares and edges are decimals there."""
    return Settings(**{name: _exact(value) for name, value in variables.items()})  # type: ignore[arg-type]


def _exact(value: object) -> object:
    if isinstance(value, list):
        return tuple(_exact(one) for one in value)
    return Decimal(str(value)) if isinstance(value, float) else value


def rows(workshop: Workshop, query: str) -> list[tuple[object, ...]]:
    """The answer to a query of the built warehouse."""
    with duckdb.connect(str(workshop.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def differing_cells(workshop: Workshop, variables: Mapping[str, object]) -> list[str]:
    """Compares the three marts with the reference, whose input is the orders of customers that count."""
    orders: dict[str, list[tuple[date, int]]] = {}
    for customer_id, day, amount in rows(workshop, ORDERS):
        assert isinstance(customer_id, str)
        assert isinstance(day, date)
        assert isinstance(amount, int)
        orders.setdefault(customer_id, []).append((day, amount))
    [(as_of,)] = rows(workshop, "select as_of_date from intermediate.int_as_of_date")
    assert isinstance(as_of, date)
    expected = expected_value_tables(orders, as_of, settings_of(variables))
    return [
        f"{name}: {difference}"
        for name in MARTS
        for difference in compare(expected[name], workshop.rows(name), KEYS[name])
    ]


def backtest_of_all(workshop: Workshop) -> dict[str, object]:
    [row] = [row for row in workshop.rows("expected_value_backtest") if row["decile"] == 0]
    return row


def test_five_months_are_too_short(young: Workshop) -> None:
    build_expected_value(young)
    assert differing_cells(young, {}) == []
    customers = young.rows("customer_expected_value")
    assert len(customers) > 150
    assert {row["reason"] for row in customers} == {"history_too_short"}
    assert young.rows("expected_value_cells") == []
    assert backtest_of_all(young)["reason"] == "history_too_short"


@pytest.mark.parametrize(
    ("company", "horizon"), [("growing", 3), pytest.param("grown", 12, marks=pytest.mark.thorough)]
)
def test_every_cell_equals_the_reference(company: str, horizon: int, request: pytest.FixtureRequest) -> None:
    workshop: Workshop = request.getfixturevalue(company)
    build_expected_value(workshop)
    assert differing_cells(workshop, {}) == []
    tested = backtest_of_all(workshop)
    assert (tested["horizon_months"], tested["reason"]) == (horizon, None)


def test_every_cell_equals_the_reference_with_every_variable_changed(growing: Workshop) -> None:
    build_expected_value(growing, OTHER_SETTINGS)
    assert differing_cells(growing, OTHER_SETTINGS) == []
    weights = rows(growing, "select order_weight from intermediate.int_expected_value_order_value_weights")
    assert all(0 < int(str(weight)) < 10_000_000 for (weight,) in weights)
    bases = {row["basis"] for row in growing.rows("customer_expected_value")}
    assert bases == {"observed", "borrowed"}


def test_orders_after_a_past_day_change_nothing_of_what_was_expected_then(growing: Workshop) -> None:
    estimates = "select * from intermediate.int_expected_value_estimates where run_as_of = '{}' order by all"
    build_expected_value(growing)
    cutoff = backtest_of_all(growing)["cutoff_date"]
    with_later_orders = rows(growing, estimates.format(cutoff))
    build_expected_value(growing, {"as_of_date": cutoff})
    without_them = rows(growing, estimates.format(cutoff))
    assert len(without_them) > 1_000
    assert with_later_orders == without_them
