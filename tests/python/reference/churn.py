"""Churn indicators of one customer."""

from datetime import date, timedelta

from .days import ONE_DAY
from .exact import average, change_pct, money
from .facts import Row
from .history import History
from .inputs import Settings
from .segments import Standing, is_at_risk

DATES_OF_A_HABIT = 3


def churn_columns(history: History, standing: Standing, as_of: date, settings: Settings) -> Row:
    """Return the columns of customer_churn_indicators that follow its as-of date."""
    first, last = history.dates[0], history.dates[-1]
    at_risk = is_at_risk(standing, settings)
    return {
        "last_order_date": last,
        "days_since_last_order": (as_of - last).days,
        "average_days_between_orders": average(100 * (last - first).days, len(history.dates) - 1),
        **_spend_columns(history, as_of, settings),
        "is_at_risk": at_risk,
        "churn_status": "at_risk" if at_risk else "active",
        "at_risk_since": last + timedelta(days=settings.churn_at_risk_days + 1) if at_risk else None,
        **_overdue_columns(history, as_of),
    }


def _spend_columns(history: History, as_of: date, settings: Settings) -> Row:
    length = timedelta(days=settings.churn_period_days * settings.churn_period_count)
    prior_start, recent_start = as_of - 2 * length + ONE_DAY, as_of - length + ONE_DAY
    _, recent = history.between(recent_start, as_of)
    _, prior = history.between(prior_start, recent_start - ONE_DAY)
    return {
        "spend_recent": money(recent),
        "spend_prior": money(prior),
        "spend_change_pct": change_pct(prior, recent),
        "is_change_comparable": history.dates[0] <= prior_start,
    }


def _overdue_columns(history: History, as_of: date) -> Row:
    if len(history.dates) < DATES_OF_A_HABIT:
        return {"overdue_ratio": None, "is_overdue": None}
    first, last = history.dates[0], history.dates[-1]
    silent, habit = (as_of - last).days * (len(history.dates) - 1), (last - first).days
    return {"overdue_ratio": average(100 * silent, habit), "is_overdue": silent > 2 * habit}
