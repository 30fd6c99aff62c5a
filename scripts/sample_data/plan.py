"""What a run writes, and the random streams of its seed."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sales_loader.errors import UsageError

Array = npt.NDArray[Any]
Columns = dict[str, Array]
"""One table as columns of equal length, in the order in which its rows are written."""

LINES_PER_ORDER = 203_519 / 131_328
LINES_PER_CUSTOMER = 203_519 / 20_174
GUEST_SHARE = 0.0875


class PlanError(UsageError):
    """An argument is out of its range; the message names it, its value and what was expected."""


@dataclass(frozen=True)
class Plan:
    """The size, period and seed of a sample.

    Attributes:
        lines: order lines, at least 1.
        days: length of the period in days, at least 1.
        restaurants: at least 1.
        customers: identified customers, at least 1, each of whom orders at least once.
        seed: any whole number from 0; the same plan gives the same bytes.
        end_date: last local business date of the period.
        loyalty_effect: percent (0 to 100) that members order more often after joining than without it.
    """

    lines: int = 100_000
    days: int = 730
    restaurants: int = 28
    customers: int = 9_913
    seed: int = 1
    end_date: dt.date = dt.date(2025, 6, 30)
    loyalty_effect: int = 10

    @property
    def start_date(self) -> dt.date:
        """First local business date of the period."""
        return self.end_date - dt.timedelta(days=self.days - 1)

    @property
    def orders(self) -> int:
        """Orders: 1.55 lines each on average, as in the real export."""
        return max(1, round(self.lines / LINES_PER_ORDER))

    @property
    def customer_orders(self) -> int:
        """Orders of identified customers: all but the 8.75 % of guests."""
        return max(1, round(self.orders * (1 - GUEST_SHARE)))

    def date_of(self, day: int) -> dt.date:
        """The business date of a day counted from 0."""
        return self.start_date + dt.timedelta(days=day)

    def check(self) -> None:
        """Raises PlanError when an argument is out of its range."""
        for name in ("lines", "days", "restaurants", "customers"):
            value = getattr(self, name)
            if value < 1:
                raise PlanError(f"--{name} {value}: expected a whole number of at least 1")
        if self.seed < 0:
            raise PlanError(f"--seed {self.seed}: expected a whole number of at least 0")
        if not 0 <= self.loyalty_effect <= 100:
            raise PlanError(f"--loyalty-effect {self.loyalty_effect}: expected a whole number from 0 to 100")
        if self.days > (self.end_date - dt.date(1970, 1, 1)).days:
            raise PlanError(f"--days {self.days}: expected a period that starts after 1970-01-01")
        if self.customers > self.customer_orders:
            raise PlanError(
                f"--customers {self.customers}: expected at most {self.customer_orders} "
                f"for --lines {self.lines}, as every customer orders at least once"
            )


def default_customers(lines: int) -> int:
    """Customers in the real proportion, 20,174 per 203,519 lines; at least 1."""
    return max(1, round(lines / LINES_PER_CUSTOMER))


def stream(seed: int, name: str) -> np.random.Generator:
    """The random stream of one purpose: adding draws to one leaves the others as they are."""
    key = zlib.crc32(name.encode())
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(key,))))


def pick(rng: np.random.Generator, weights: Array, size: int) -> Array:
    """Draws `size` indices (int64) into `weights`, each in proportion to its weight."""
    steps = np.cumsum(weights, dtype=np.float64)
    steps /= steps[-1]
    return np.searchsorted(steps, rng.random(size), side="right").clip(max=len(steps) - 1)
