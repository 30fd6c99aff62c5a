"""What the report's tables must show: SQL of its own on the marts, written as the page writes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import duckdb

Cells = list[list[str]]
DASH, MINUS, TIMES = "\u2013", "\u2212", "\u00d7"
NOTHING = DASH
WEEK = timedelta(weeks=1)
YEAR = timedelta(weeks=52)
WEEKDAYS = range(1, 8)


# ---- Writing


def rounded(value: Decimal | float, digits: int) -> str:
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    text = f"{exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):,}"
    return text.replace("-", MINUS) if Decimal(text.replace(",", "")) else text.replace("-", "")


def count(value: int | None) -> str:
    return rounded(Decimal(value or 0), 0)


def money(value: Decimal | None) -> str:
    amount = Decimal(value or 0)
    return (f"{MINUS}$" if amount < 0 else "$") + rounded(abs(amount), 2)


def average(total: Decimal | None, number: int) -> str:
    return money(Decimal(total or 0) / number) if number else NOTHING


def percent(part: Decimal | int | None, whole: Decimal | int | None, digits: int = 1) -> str:
    # As the browser divides: in double precision, money in cents.
    return f"{rounded(100 * float(100 * (part or 0)) / float(100 * whole), digits)}%" if whole else NOTHING


def change(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None or before <= 0:
        return NOTHING
    ratio = float(100 * now) / float(100 * before)
    if ratio > 4:
        return f"{TIMES}{rounded(ratio, 1)}"
    text = rounded(Decimal(repr(ratio * 100)) - 100, 1)
    return f"{'' if text.startswith(MINUS) or text == '0.0' else '+'}{text}%"


def signed(value: Decimal | None, unit: str = "%") -> str:
    if value is None:
        return NOTHING
    text = rounded(value, 1)
    return f"{'' if text.startswith(MINUS) or text == '0.0' else '+'}{text}{unit}"


def day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


# ---- Asking


@dataclass(frozen=True)
class Chosen:
    """What the filters of the page choose.

    Attributes:
        marts: a connection to the warehouse.
        here: ids of the chosen restaurants.
        peers: ids of the restaurants that they are listed with.
        weeks: of the period.
    """

    marts: duckdb.DuckDBPyConnection
    here: Sequence[str]
    peers: Sequence[str]
    weeks: int

    def rows(self, query: str, *more: object) -> list[tuple[Any, ...]]:
        """Rows of a query whose first parameter is the chosen restaurants."""
        return self.marts.execute(query, [list(self.here), *more]).fetchall()

    def customers(self, columns: str, *marts: str, more: str = "") -> list[tuple[Any, ...]]:
        """Columns of the customers whose first order was in one of the chosen restaurants.

        Args:
            columns: of ``dim_customers`` and the other marts.
            marts: more tables by customer.
            more: what follows the condition.
        """
        joined = "".join(f" join marts.{mart} using (customer_id)" for mart in marts)
        return self.rows(
            f"select {columns} from marts.dim_customers{joined} "
            f"where not is_excluded and first_location_id in (select unnest($1)) {more}"
        )

    def one(self, query: str, *more: object) -> tuple[Any, ...]:
        """The only row."""
        [row] = self.rows(query, *more)
        return row
