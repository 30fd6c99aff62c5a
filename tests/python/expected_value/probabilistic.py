"""BG/NBD with Gamma-Gamma, fitted by maximum likelihood: the standard model to compare an estimate with.

Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24 (2005): equations 6, 10.
Fader and Hardie, The Gamma-Gamma Model of Monetary Value (2013): equations 1a, 5. The unit is a date with an
order and what it brought, as in the literature; times are in days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """What the model looks at, one value per customer.

    Attributes:
        repeats: dates with an order after the first.
        last: days from the first order date to the last.
        age: days from the first order date to the day of the estimate.
        mean_value: mean revenue of a date with an order.
    """

    repeats: Array
    last: Array
    age: Array
    mean_value: Array


def expected_revenue(customers: Summary, days: float) -> Array:
    """Return what each customer is expected to bring in the next days, by the model fitted to all of them."""
    return _expected_dates(customers, days) * _expected_value(customers)


def _maximise(log_likelihood: Callable[[Array], float], number: int) -> Array:
    """Return the positive parameters of the highest likelihood, from several starts.

    Raises:
        RuntimeError: no search ended.
    """
    searches = [
        minimize(
            lambda logarithms: -log_likelihood(np.exp(logarithms)),
            np.full(number, start),
            method="Nelder-Mead",
            options={"maxiter": 4000, "maxfev": 4000, "xatol": 1e-5, "fatol": 1e-3},
        )
        for start in (0.0, 1.0)
    ]
    ended = [search for search in searches if np.isfinite(search.fun)]
    if not ended:
        raise RuntimeError("the likelihood has no maximum: are there customers who came twice?")
    best: Any = min(ended, key=lambda search: search.fun)
    return np.asarray(np.exp(best.x))


def _expected_dates(customers: Summary, days: float) -> Array:
    """BG/NBD: dates with an order in the next days."""
    x, unit = customers.repeats, max(1.0, float(customers.age.max()) / 50)
    last, age, ahead = customers.last / unit, customers.age / unit, days / unit

    def log_likelihood(parameters: Array) -> float:
        r, alpha, a, b = parameters
        alive = -(r + x) * np.log(alpha + age)
        gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
        ways = np.where(x > 0, np.logaddexp(alive, gone), alive)
        counts = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        dropouts = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        return float(np.sum(counts + dropouts + ways))

    r, alpha, a, b = _maximise(log_likelihood, 4)
    # Euler's transformation keeps the hypergeometric function finite for customers of hundreds of orders.
    share = (alpha + age) / (alpha + age + ahead)
    rest = share ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, 1 - share)
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + last)) ** (r + x)
    return np.asarray((a + b + x - 1) / (a - 1) * (1 - rest) / (1 + np.where(x > 0, odds, 0.0)))


def _expected_value(customers: Summary) -> Array:
    """Gamma-Gamma: revenue of the next date with an order."""
    n, unit = customers.repeats + 1, float(customers.mean_value.mean())
    value = np.maximum(customers.mean_value / unit, 0.0)
    seen, mean = n[value > 0], value[value > 0]

    def log_likelihood(parameters: Array) -> float:
        p, q, gamma = parameters
        shape = p * seen
        return float(
            np.sum(
                gammaln(shape + q)
                - gammaln(shape)
                - gammaln(q)
                + q * np.log(gamma)
                + (shape - 1) * np.log(mean)
                + shape * np.log(seen)
                - (shape + q) * np.log(gamma + seen * mean)
            )
        )

    p, q, gamma = _maximise(log_likelihood, 3)
    return np.asarray(unit * p * (gamma + n * value) / (p * n + q - 1))
