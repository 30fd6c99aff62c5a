"""Days of the sample: the clock's offset, how busy days and minutes are, and the company's calendar file."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np

from sample_data.company.catalog import TIMEZONE
from sample_data.plan import Array, Plan, stream

DATE_DIM_HEADER = (
    "date_key",
    "year",
    "month",
    "week",
    "day_of_week",
    "is_weekend",
    "is_holiday",
    "holiday_name",
)

WEEKDAY_WEIGHTS = (0.88, 0.92, 0.96, 1.00, 1.22, 1.18, 0.84)
"""Monday to Sunday: a franchise of lunch counters is busiest on Friday and Saturday."""

MINUTE_PEAKS = (
    (510, 60, 0.10),
    (740, 48, 0.43),
    (900, 60, 0.10),
    (1095, 62, 0.34),
    (1275, 60, 0.03),
)
"""Normal curves over the minutes of the local day (centre, spread, share): lunch and dinner stand out."""

_CLOSED = slice(90, 360)
_OPEN_PAST_MIDNIGHT = 0.000_04
_WEEKEND_SHIFT = 35


def utc_offsets(plan: Plan) -> tuple[Array, Array]:
    """Milliseconds from local time to UTC per day, just after midnight and from 03:00 on (both int64)."""
    query = """
        with days as (select ?::date + i::integer as day from range(?) t(i))
        select epoch_ms((day + interval 30 minute) at time zone $zone at time zone 'UTC')
                 - epoch_ms(day + interval 30 minute),
               epoch_ms((day + interval 12 hour) at time zone $zone at time zone 'UTC')
                 - epoch_ms(day + interval 12 hour)
        from days order by day
    """.replace("$zone", f"'{TIMEZONE}'")
    with duckdb.connect() as connection:
        rows = connection.execute(query, [plan.start_date, plan.days]).fetchall()
    both = np.array(rows, dtype=np.int64)
    return both[:, 0], both[:, 1]


def dates(plan: Plan) -> list[dt.date]:
    """All business dates of the period, in order."""
    return [plan.date_of(day) for day in range(plan.days)]


def day_weights(plan: Plan) -> Array:
    """How busy each day is (float64, length days).

    The product of the weekday, a season (a year's cosine, 14 % up and down, highest in July), growth of 12 %
    a year, Thanksgiving and Christmas nearly closed, and log-normal noise of 8 %.
    """
    days = dates(plan)
    weekday = np.array(WEEKDAY_WEIGHTS)[[day.weekday() for day in days]]
    day_of_year = np.array([day.timetuple().tm_yday for day in days])
    season = 1 + 0.14 * np.cos(2 * np.pi * (day_of_year - 196) / 365.25)
    growth = 1 + 0.12 * np.arange(plan.days) / 365.25
    quiet = {date for year in {day.year for day in days} for date in quiet_days(year)}
    holiday = np.array([0.15 if day in quiet else 1.0 for day in days])
    noise = stream(plan.seed, "days").lognormal(0.0, 0.08, plan.days)
    return np.asarray(weekday * season * growth * holiday * noise)


def summer_weights(plan: Plan) -> Array:
    """The same for customers who are there in summer only: other months count a fiftieth."""
    summer = np.array([6 <= day.month <= 8 for day in dates(plan)])
    return np.asarray(day_weights(plan) * np.where(summer, 1.0, 0.02))


def minute_weights(weekend: bool) -> Array:
    """How busy each minute of the local day is (float64, length 1440); closed from 01:30 to 06:00."""
    minutes = np.arange(1440.0) - (_WEEKEND_SHIFT if weekend else 0)
    curves = [
        share / width * np.exp(-(((minutes - at) / width) ** 2) / 2) for at, width, share in MINUTE_PEAKS
    ]
    weights = np.sum(curves, axis=0)
    weights[:90] += _OPEN_PAST_MIDNIGHT
    weights[_CLOSED] = 0.0
    return np.asarray(weights)


def _nth(year: int, month: int, weekday: int, n: int) -> dt.date:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last_monday_of_may(year: int) -> dt.date:
    last = dt.date(year, 5, 31)
    return last - dt.timedelta(days=last.weekday())


def quiet_days(year: int) -> tuple[dt.date, dt.date]:
    """Thanksgiving Day and Christmas."""
    return _nth(year, 11, 3, 4), dt.date(year, 12, 25)


def holidays(year: int) -> dict[dt.date, str]:
    """US federal holidays of one year by rule; one of fixed date on a Sunday counts on the Monday too."""
    fixed = {
        dt.date(year, 1, 1): "New Year's Day",
        dt.date(year, 6, 19): "Juneteenth",
        dt.date(year, 7, 4): "Independence Day",
        dt.date(year, 11, 11): "Veterans Day",
        dt.date(year, 12, 25): "Christmas",
    }
    observed = {
        date + dt.timedelta(days=1): f"{name} Observed" for date, name in fixed.items() if date.weekday() == 6
    }
    moving = {
        _nth(year, 1, 0, 3): "Martin Luther King Jr. Day",
        _nth(year, 2, 0, 3): "Washington's Birthday",
        _last_monday_of_may(year): "Memorial Day",
        _nth(year, 9, 0, 1): "Labor Day",
        _nth(year, 10, 0, 2): "Columbus Day",
        _nth(year, 11, 3, 4): "Thanksgiving Day",
    }
    return observed | fixed | moving


def date_dim(plan: Plan) -> list[list[str]]:
    """The calendar file's rows as texts: the middle calendar year only, as the real file covers one."""
    year = plan.date_of(plan.days // 2).year
    named = holidays(year)
    first = dt.date(year, 1, 1)
    length = (dt.date(year + 1, 1, 1) - first).days
    return [_date_row(first + dt.timedelta(days=n), named) for n in range(length)]


def _date_row(day: dt.date, named: dict[dt.date, str]) -> list[str]:
    weekend = day.weekday() >= 5
    return [
        day.strftime("%d-%m-%Y"),
        str(day.year),
        str(day.month),
        str(day.isocalendar().week),
        day.strftime("%A"),
        "TRUE" if weekend else "FALSE",
        "TRUE" if day in named else "FALSE",
        named.get(day, ""),
    ]
