"""Expected value of customers: the estimate of today, the cells that explain it, and the back-test."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .days import ONE_DAY, add_months, month_end, month_start
from .estimate import STEPS_OF_12_MONTHS, Estimator, Expectation, Purchases
from .exact import Ranking, divide, money, rate
from .facts import Row, Tables
from .inputs import Settings

EXPECTED_VALUE_MARTS = ("customer_expected_value", "expected_value_cells", "expected_value_backtest")
TIERS = ("High", "Medium", "Low")
WORTH_STEPS = {"3m": 1, "6m": 2, "9m": 3, "12m": 4, "24m": 8, "36m": 12}
DECILES = 10
SHARES_OF_THE_BEST = ("top_share_caught", "naive_top_share_caught")


def expected_value_tables(
    orders: Mapping[str, Iterable[tuple[date, int]]], as_of: date | None, settings: Settings
) -> Tables:
    """Return the three marts.

    Args:
        orders: (business date, net revenue in cents) of every order of each customer that counts.
        as_of: the day the marts describe, not before the first order; None when there is no order at all.
        settings: the dbt variables.
    """
    if as_of is None or not orders:
        return {name: [] for name in EXPECTED_VALUE_MARTS}
    purchases = {customer_id: Purchases(bought) for customer_id, bought in orders.items()}
    today = Estimator(purchases, as_of, settings)
    return {
        "customer_expected_value": _customer_rows(today),
        "expected_value_cells": _cell_rows(today),
        "expected_value_backtest": _backtest_rows(purchases, today),
    }


def _customer_rows(today: Estimator) -> list[Row]:
    expected = (
        {}
        if today.year_reason
        else {name: one.revenue(one.orders_12m) for name, one in today.expectations.items()}
    )
    ranking = Ranking(expected.values())
    return [
        {
            "customer_id": name,
            "as_of_date": today.as_of,
            "order_count": one.count(today.as_of),
            "lifetime_revenue": money(one.revenue(today.as_of)),
            **_estimate_columns(today, today.expectations.get(name), one.revenue(today.as_of)),
            "expected_value_rank": ranking.rank(expected[name]) if expected else None,
            "expected_value_tier": _tier(ranking, expected[name], today.settings) if expected else None,
            "is_full_year": today.is_full_year,
            "reason": today.reason,
            "year_reason": today.year_reason,
            "lifetime_reason": today.lifetime_reason,
        }
        for name, one in today.customers.items()
    ]


def _tier(ranking: Ranking, value: int, settings: Settings) -> str:
    return ranking.band(value, settings.clv_high_share, settings.clv_low_share, TIERS)


ESTIMATE_COLUMNS = (
    "orders_per_year",
    "missed_orders",
    "order_band",
    "missed_band",
    "similar_customers",
    "basis",
    "expected_order_value",
    "probability_active",
    "expected_orders_next_3m",
    "expected_orders_next_12m",
    "expected_revenue_next_3m",
    "expected_revenue_next_12m",
    "expected_remaining_value",
    "expected_lifetime_value",
)


def _estimate_columns(today: Estimator, one: Expectation | None, revenue: int) -> Row:
    if one is None:
        return dict.fromkeys(ESTIMATE_COLUMNS)
    remaining = None if today.lifetime_reason else one.revenue(one.orders_36m)
    has_year = today.year_reason is None
    values = (
        _four_decimals(365 * one.pace),
        money(one.missed),
        one.cell[0],
        one.cell[1],
        today.cells[one.cell].starts,
        "observed" if one.is_observed else "borrowed",
        money(one.order_value),
        Decimal(one.probability).scaleb(-4),
        _four_decimals(one.orders_3m),
        _four_decimals(one.orders_12m) if has_year else None,
        money(one.revenue(one.orders_3m)),
        money(one.revenue(one.orders_12m)) if has_year else None,
        None if remaining is None else money(remaining),
        None if remaining is None else money(revenue + remaining),
    )
    return dict(zip(ESTIMATE_COLUMNS, values, strict=True))


def _four_decimals(in_millionths: int) -> Decimal:
    return Decimal(divide(in_millionths, 100)).scaleb(-4)


def _cell_rows(today: Estimator) -> list[Row]:
    customers = [one.cell for one in today.expectations.values()]
    return [
        {
            "as_of_date": today.as_of,
            "order_band": key[0],
            "missed_band": key[1],
            "order_range": _range(today.settings.expected_value_order_bands, key[0], below_next=1),
            "missed_range": _range(today.settings.expected_value_missed_bands, key[1], below_next=0),
            "customers": customers.count(key),
            "starts": cell.starts,
            "kept_ratio": _four_decimals(cell.kept_ratio),
            **{f"worth_{name}": _four_decimals(cell.worth[step]) for name, step in WORTH_STEPS.items()},
            "worth_36m_discounted": _four_decimals(cell.discounted_worth[-1]),
        }
        for key, cell in today.cells.items()
    ]


def _range(edges: tuple[int, ...] | tuple[Decimal, ...], band: int, *, below_next: int) -> str:
    low = edges[band - 1]
    if band == len(edges):
        return f"{low} or more"
    high = edges[band] - below_next
    return f"{low}" if low == high else f"{low} to {high}"


# The back-test


@dataclass(frozen=True)
class Outcome:
    """What one customer was expected to do and did; money in cents, expected orders in millionths."""

    expected_orders: int
    orders: int
    expected_revenue: int
    revenue: int
    naive_revenue: int
    probability: int
    is_active: bool
    is_among_expected_best: bool
    is_among_naive_best: bool
    is_among_best: bool


def cutoff_of(purchases: Mapping[str, Purchases], today: Estimator) -> tuple[date, int]:
    """Return the month end whose estimate is tested and the months after it: 12 if enough lie before it."""
    last = month_start(today.as_of + ONE_DAY) - ONE_DAY
    year_ago, quarter_ago = (month_end(add_months(month_start(last), -months)) for months in (12, 3))
    known = len(Estimator(purchases, year_ago, today.settings).month_ends)
    return (year_ago, 12) if known >= today.settings.expected_value_min_month_ends else (quarter_ago, 3)


def _backtest_rows(purchases: Mapping[str, Purchases], today: Estimator) -> list[Row]:
    cutoff, horizon = cutoff_of(purchases, today)
    then = Estimator(purchases, cutoff, today.settings)
    key: Row = {"cutoff_date": cutoff, "horizon_months": horizon, "reason": then.reason}
    if then.reason:
        unknown = dict.fromkeys(_backtest_columns([]))
        return [{**key, "decile": 0, **unknown, "customers": len(then.customers)}]
    outcomes = _outcomes(then, horizon)
    best_first = sorted(outcomes, key=lambda name: (-outcomes[name].expected_revenue, name))
    rows: list[Row] = [{**key, "decile": 0, **_backtest_columns(outcomes.values())}]
    for decile, names in enumerate(_tiles(best_first, DECILES), start=1):
        columns = _backtest_columns([outcomes[name] for name in names])
        rows.append({**key, "decile": decile, **columns, **dict.fromkeys(SHARES_OF_THE_BEST)})
    return rows


def _tiles(names: list[str], number: int) -> list[list[str]]:
    """Cut a list into so many parts of equal length, the first ones longer by one; empty ones left out."""
    length, longer = divmod(len(names), number)
    ends = [tile * length + min(tile, longer) for tile in range(number + 1)]
    return [names[start:end] for start, end in pairwise(ends) if end > start]


def _outcomes(then: Estimator, horizon: int) -> dict[str, Outcome]:
    cutoff = then.as_of
    end, quarter_end, before = (
        month_end(add_months(month_start(cutoff), months)) for months in (horizon, 3, -horizon)
    )
    expected = {
        name: one.orders_12m if horizon == 3 * STEPS_OF_12_MONTHS else one.orders_3m
        for name, one in then.expectations.items()
    }
    expected_revenue = {name: one.revenue(expected[name]) for name, one in then.expectations.items()}
    revenue = {name: one.revenue(end) - one.revenue(cutoff) for name, one in then.customers.items()}
    naive_revenue = {name: one.revenue(cutoff) - one.revenue(before) for name, one in then.customers.items()}
    expected_best, naive_best, best = (
        _best(values, then.settings) for values in (expected_revenue, naive_revenue, revenue)
    )
    return {
        name: Outcome(
            expected_orders=expected[name],
            orders=one.count(end) - one.count(cutoff),
            expected_revenue=expected_revenue[name],
            revenue=revenue[name],
            naive_revenue=naive_revenue[name],
            probability=then.expectations[name].probability,
            is_active=one.count(quarter_end) > one.count(cutoff),
            is_among_expected_best=name in expected_best,
            is_among_naive_best=name in naive_best,
            is_among_best=name in best,
        )
        for name, one in then.customers.items()
    }


def _best(values: Mapping[str, int], settings: Settings) -> set[str]:
    ranking = Ranking(values.values())
    return {name for name, value in values.items() if _tier(ranking, value, settings) == TIERS[0]}


def _backtest_columns(outcomes: Iterable[Outcome]) -> Row:
    every = list(outcomes)
    best = [one for one in every if one.is_among_best]
    expected, came = sum(one.expected_revenue for one in every), sum(one.revenue for one in every)
    return {
        "customers": len(every),
        "predicted_orders": _four_decimals(sum(one.expected_orders for one in every)),
        "actual_orders": sum(one.orders for one in every),
        "predicted_revenue": money(expected),
        "actual_revenue": money(came),
        "revenue_ratio": rate(expected, came),
        "absolute_error": money(sum(abs(one.expected_revenue - one.revenue) for one in every)),
        "squared_error": _squared(one.expected_revenue - one.revenue for one in every),
        "top_share_caught": rate(sum(one.is_among_expected_best for one in best), len(best)),
        "predicted_active": Decimal(sum(one.probability for one in every)).scaleb(-4),
        "actual_active": sum(one.is_active for one in every),
        "naive_revenue": money(sum(one.naive_revenue for one in every)),
        "naive_absolute_error": money(sum(abs(one.naive_revenue - one.revenue) for one in every)),
        "naive_squared_error": _squared(one.naive_revenue - one.revenue for one in every),
        "naive_top_share_caught": rate(sum(one.is_among_naive_best for one in best), len(best)),
    }


def _squared(errors: Iterable[int]) -> Decimal:
    return Decimal(sum(error**2 for error in errors)).scaleb(-4)
