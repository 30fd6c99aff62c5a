"""Exact numbers: money is whole cents until it is shown, and a quotient is rounded once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from decimal import Decimal


def divide(dividend: int, divisor: int) -> int:
    """Return the quotient as a whole number, rounded half away from zero.

    Raises:
        ZeroDivisionError: if the divisor is 0.
    """
    quotient = (2 * abs(dividend) + abs(divisor)) // (2 * abs(divisor))
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def cents(price: Decimal, *factors: int) -> int:
    """Return a price of at most four decimals times whole factors, rounded once to cents."""
    amount = int(price.scaleb(4))
    for factor in factors:
        amount *= factor
    return divide(amount, 100)


def money(amount_in_cents: int) -> Decimal:
    """Return cents as an amount with two decimals."""
    return Decimal(amount_in_cents).scaleb(-2)


def average(hundredths: int, number: int) -> Decimal | None:
    """Return a total in hundredths (cents, or 100 times a count) per unit, with two decimals."""
    return money(divide(hundredths, number)) if number else None


def pct(part: int, whole: int) -> Decimal | None:
    """Return part of whole as 0 to 100 with two decimals; None when the whole is 0."""
    return money(divide(10_000 * part, whole)) if whole else None


def change_pct(before: int, after: int) -> Decimal | None:
    """Return the change as a share of what was before, 0 to 100; None when that is 0 or less."""
    return pct(after - before, before) if before > 0 else None


def average_change_pct(before: tuple[int, int], after: tuple[int, int]) -> Decimal | None:
    """Return the change of an average, each side as (number, sum); None without a side or a base."""
    (number_before, sum_before), (number_after, sum_after) = before, after
    if not number_before or not number_after:
        return None
    return change_pct(sum_before * number_after, sum_after * number_before)


def points(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Return by how much one percentage is above another; None when either is missing."""
    return None if one is None or other is None else one - other


def rate(part: int, whole: int) -> Decimal | None:
    """Return part of whole as 0 to 1 with four decimals; None when the whole is 0."""
    return Decimal(divide(10_000 * part, whole)).scaleb(-4) if whole else None


def median(amounts: Iterable[int]) -> Decimal | None:
    """Return the median of cents as money; None of nothing."""
    ordered = sorted(amounts)
    if not ordered:
        return None
    upper = len(ordered) // 2
    lower = (len(ordered) - 1) // 2
    return money(divide(ordered[lower] + ordered[upper], 2))


class Ranking:
    """Where a value stands among all values, the highest being the best; equal values stand equal."""

    def __init__(self, values: Iterable[int]) -> None:
        self._ordered = sorted(values)

    def rank(self, value: int) -> int:
        """Return 1 for the highest; ties share the lowest number."""
        return 1 + len(self._ordered) - bisect_right(self._ordered, value)

    def score(self, value: int) -> int:
        """Return 1 to 5, by how many are strictly worse."""
        return 1 + 5 * bisect_left(self._ordered, value) // len(self._ordered)

    def band(self, value: int, high_share: Decimal, low_share: Decimal, names: tuple[str, str, str]) -> str:
        """Return the high, middle or low one of three names, by the 20/60/20 rule."""
        number = len(self._ordered)
        equal_or_higher = number - bisect_left(self._ordered, value)
        equal_or_lower = bisect_right(self._ordered, value)
        if equal_or_higher <= high_share * number:
            return names[0]
        return names[2] if equal_or_lower <= low_share * number else names[1]
