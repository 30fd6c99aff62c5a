"""How well the estimate does, beside last year's spend and beside the standard probabilistic model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import mean

import numpy as np
import pytest

from tests.python.support.project_copy import Workshop

from .conftest import build_expected_value
from .probabilistic import Array, Summary, expected_revenue
from .test_marts import rows

OUTCOMES = """
    select customer_id, predicted_revenue, actual_revenue, naive_revenue
    from intermediate.int_expected_value_outcomes
    order by customer_id
"""
SUMMARIES = """
    with cutoffs as (
        select run_as_of from intermediate.int_expected_value_runs where horizon_months is not null
    )
    select
        days.customer_id,
        count(*) - 1,
        max(days.business_date) - min(days.business_date),
        max(cutoffs.run_as_of) - min(days.business_date),
        sum(days.net_revenue) / count(*)
    from intermediate.int_customer_days as days
    inner join cutoffs on days.business_date <= cutoffs.run_as_of
    group by days.customer_id
    order by days.customer_id
"""
DAYS_OF_A_YEAR = 365


@dataclass(frozen=True)
class Score:
    """How far a prediction was from what came.

    Attributes:
        total: predicted over actual revenue of all customers.
        absolute: mean absolute error per customer.
        squared: root of the mean squared error per customer.
        deciles: absolute errors of the ten tenths by prediction, over actual revenue.
        caught: share of the actual best fifth that is in the predicted one; ties never split.
    """

    total: float
    absolute: float
    squared: float
    deciles: float
    caught: float


def score(predicted: Array, actual: Array) -> Score:
    """Scores a prediction; customers are in the order of their ids."""
    error = predicted - actual
    tenths = np.array_split(np.argsort(-predicted, kind="stable"), 10)
    best = _best_fifth(actual)
    return Score(
        total=float(predicted.sum() / actual.sum()),
        absolute=float(np.abs(error).mean()),
        squared=float(np.sqrt((error**2).mean())),
        deciles=float(sum(abs(error[tenth].sum()) for tenth in tenths) / actual.sum()),
        caught=float((_best_fifth(predicted) & best).sum() / best.sum()),
    )


def _best_fifth(values: Array) -> np.typing.NDArray[np.bool_]:
    equal_or_higher = len(values) - np.searchsorted(np.sort(values), values, side="left")
    return np.asarray(equal_or_higher <= 0.2 * len(values))


def scores_at(workshop: Workshop, as_of: date) -> dict[str, Score]:
    """Builds as of a day and scores the estimate of twelve months before, and what it is compared with."""
    build_expected_value(workshop, {"as_of_date": as_of})
    outcomes, summaries = rows(workshop, OUTCOMES), rows(workshop, SUMMARIES)
    assert [row[0] for row in outcomes] == [row[0] for row in summaries]
    predicted, actual, naive = np.array([row[1:] for row in outcomes], dtype=np.float64).T
    customers = Summary(*np.array([row[1:] for row in summaries], dtype=np.float64).T)
    predictions = {
        "estimate": predicted,
        "probabilistic": expected_revenue(customers, DAYS_OF_A_YEAR),
        "naive": naive,
    }
    found = {name: score(values, actual) for name, values in predictions.items()}
    for name, one in found.items():
        print(f"{as_of} {len(actual):6} {name:14} {one}")
    return found


def assert_level(found: dict[str, Score]) -> None:
    """The estimate's total fits, and its errors are those of the probabilistic model or little more."""
    estimate, probabilistic, naive = found["estimate"], found["probabilistic"], found["naive"]
    assert 0.85 <= estimate.total <= 1.10
    assert estimate.squared <= 1.12 * probabilistic.squared
    assert estimate.absolute <= 1.07 * probabilistic.absolute
    assert estimate.squared < naive.squared
    assert estimate.absolute < naive.absolute
    assert estimate.caught > naive.caught


@pytest.mark.thorough
def test_it_is_level_with_the_probabilistic_model(grown: Workshop) -> None:
    found = scores_at(grown, date(2025, 6, 30))
    assert_level(found)
    assert found["estimate"].deciles <= found["probabilistic"].deciles


@pytest.mark.value
def test_it_is_level_at_three_dates(grown: Workshop) -> None:
    dates = [date(2024, 6, 30), date(2024, 12, 31), date(2025, 6, 30)]
    every = [scores_at(grown, as_of) for as_of in dates]
    for found in every:
        assert_level(found)
    estimates = [found["estimate"] for found in every]
    others = [found["probabilistic"] for found in every]
    assert mean(one.deciles for one in estimates) <= mean(one.deciles for one in others)
    # Less than a fifth come back within a year here: the best fifth are all who do, those of next summer too.
    assert mean(one.caught for one in estimates) >= mean(one.caught for one in others) - 0.03


def test_the_probabilistic_model_finds_the_world_it_describes() -> None:
    """Customers drawn from BG/NBD and Gamma-Gamma: a year's revenue of all is met within a tenth."""
    random, n = np.random.default_rng(3), 4_000
    pace = random.gamma(0.8, 1 / 20, n)
    dropout = random.beta(0.9, 3.0, n)
    age = random.uniform(100, 700, n)
    repeats, last, later = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(n):
        at = random.exponential(1 / pace[i])
        while at < age[i] + DAYS_OF_A_YEAR:
            if at < age[i]:
                repeats[i], last[i] = repeats[i] + 1, at
            else:
                later[i] += 1
            if random.random() < dropout[i]:
                break
            at += random.exponential(1 / pace[i])
    scale = 1 / random.gamma(4.0, 1 / 15.0, n)
    seen = scale * random.gamma(6.0 * (repeats + 1)) / (repeats + 1)
    expected = expected_revenue(Summary(repeats, last, age, seen), DAYS_OF_A_YEAR)
    assert expected.min() >= 0
    assert expected.sum() == pytest.approx(float((later * 6.0 * scale).sum()), rel=0.1)
