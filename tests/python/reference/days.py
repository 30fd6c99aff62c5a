"""Calendar steps on dates."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
MAY_BE_HOLIDAYS = timedelta(days=2)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later (or earlier), no later than that month's last day."""
    year, months_before = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = months_before + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_start(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def week_start(day: date) -> date:
    """Return the Monday of the ISO week."""
    return day - timedelta(days=day.weekday())


def week_end(day: date) -> date:
    """Return the Sunday of the ISO week."""
    return week_start(day) + timedelta(days=6)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield each day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def month_ends(first: date, last: date) -> Iterator[date]:
    """Yield the last day of each month from first's own on, as far as it is not after last."""
    day = month_end(first)
    while day <= last:
        yield day
        day = month_end(day + ONE_DAY)


def is_complete(first: date, last: date, span: tuple[date, date]) -> bool:
    """Return whether a period is wholly in the data's span; its first two days may be holidays."""
    return span[0] <= first + MAY_BE_HOLIDAYS and last <= span[1]


def count_weekday(iso_day_of_week: int, first: date, last: date) -> int:
    """Return how many days from first to last, both included, are that weekday (1 = Monday)."""
    first_match = first + timedelta(days=(iso_day_of_week - first.isoweekday()) % 7)
    return (last - first_match).days // 7 + 1
