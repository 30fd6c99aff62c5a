"""Customer marts: lifetime value, segments and churn indicators, today and at each month's end."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from .days import ONE_DAY, add_months, month_ends
from .exact import Ranking, average, change_pct, money
from .facts import Facts, Order, Row, Tables
from .history import History, counted_customers
from .inputs import Seeds, Settings

TIERS = ("High", "Medium", "Low")
CUSTOMER_MARTS = (
    "customer_lifetime_value",
    "customer_lifetime_value_history",
    "customer_month_end",
    "customer_segments",
    "customer_churn_indicators",
)


@dataclass(frozen=True)
class Standing:
    """A customer as of the end of a day; revenue and monetary are cents."""

    order_count: int
    revenue: int
    recency_days: int
    frequency: int
    monetary: int


@dataclass(frozen=True)
class Rankings:
    """All customers of one day, ranked by each of the four values."""

    revenue: Ranking
    recency: Ranking
    frequency: Ranking
    monetary: Ranking


def customer_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the five customer marts."""
    customers = counted_customers(facts, seeds)
    histories = {customer_id: History(orders) for customer_id, orders in customers.items()}
    if facts.span is None:
        return {name: [] for name in CUSTOMER_MARTS}
    first, as_of = facts.span
    standings = _standings(histories, as_of, settings)
    rankings = _rank(standings)
    keys = {customer_id: {"customer_id": customer_id, "as_of_date": as_of} for customer_id in customers}
    return {
        "customer_lifetime_value": [
            {
                **keys[customer_id],
                **_value_columns(orders, histories[customer_id], as_of),
                "clv_rank": rankings.revenue.rank(standings[customer_id].revenue),
                "clv_tier": _tier(standings[customer_id], rankings, settings),
            }
            for customer_id, orders in customers.items()
        ],
        "customer_lifetime_value_history": _history_rows(histories),
        "customer_month_end": [
            row for day in month_ends(first, as_of) for row in _month_end_rows(histories, day, settings)
        ],
        "customer_segments": [
            {**keys[customer_id], **_segment_columns(standing, rankings, settings)}
            for customer_id, standing in standings.items()
        ],
        "customer_churn_indicators": [
            {**keys[customer_id], **_churn_columns(history, as_of, settings)}
            for customer_id, history in histories.items()
        ],
    }


def _value_columns(orders: list[Order], history: History, as_of: date) -> Row:
    order_count, revenue = history.up_to(as_of)
    return {
        "first_order_date": history.dates[0],
        "last_order_date": history.dates[-1],
        "order_count": order_count,
        "gross_revenue": money(sum(order.gross for order in orders)),
        "discount_amount": money(sum(order.discount for order in orders)),
        "lifetime_revenue": money(revenue),
        "average_order_value": average(revenue, order_count),
        "customer_age_days": (as_of - history.dates[0]).days,
    }


def _standings(histories: dict[str, History], day: date, settings: Settings) -> dict[str, Standing]:
    return {
        customer_id: _standing(history, day, settings)
        for customer_id, history in histories.items()
        if history.dates[0] <= day
    }


def _standing(history: History, day: date, settings: Settings) -> Standing:
    order_count, revenue = history.up_to(day)
    window_start = add_months(day, -settings.rfm_window_months) + ONE_DAY
    frequency, monetary = history.between(window_start, day)
    return Standing(order_count, revenue, (day - history.last_date(day)).days, frequency, monetary)


def _rank(standings: dict[str, Standing]) -> Rankings:
    everyone = list(standings.values())
    return Rankings(
        revenue=Ranking(one.revenue for one in everyone),
        recency=Ranking(-one.recency_days for one in everyone),
        frequency=Ranking(one.frequency for one in everyone),
        monetary=Ranking(one.monetary for one in everyone),
    )


def _tier(standing: Standing, rankings: Rankings, settings: Settings) -> str:
    return rankings.revenue.band(standing.revenue, settings.clv_high_share, settings.clv_low_share, TIERS)


def _segment_columns(standing: Standing, rankings: Rankings, settings: Settings) -> Row:
    recency = rankings.recency.score(-standing.recency_days)
    frequency = rankings.frequency.score(standing.frequency)
    monetary = rankings.monetary.score(standing.monetary)
    return {
        "recency_days": standing.recency_days,
        "frequency": standing.frequency,
        "monetary": money(standing.monetary),
        "recency_score": recency,
        "frequency_score": frequency,
        "monetary_score": monetary,
        "rfm_code": f"{recency}{frequency}{monetary}",
        "rfm_segment": _segment(recency, frequency, monetary, settings),
    }


def _segment(recency: int, frequency: int, monetary: int, settings: Settings) -> str:
    high, low = settings.rfm_high_score, settings.rfm_low_score
    if min(recency, frequency, monetary) >= high:
        return "VIP"
    if recency >= high and frequency <= low:
        return "New Customer"
    return "Churn Risk" if recency <= low and frequency <= low else "Regular"


def _churn_columns(history: History, as_of: date, settings: Settings) -> Row:
    first, last = history.dates[0], history.dates[-1]
    length = timedelta(days=settings.churn_period_days * settings.churn_period_count)
    _, recent = history.between(as_of - length + ONE_DAY, as_of)
    _, prior = history.between(as_of - 2 * length + ONE_DAY, as_of - length)
    is_at_risk = _is_at_risk((as_of - last).days, settings)
    return {
        "last_order_date": last,
        "days_since_last_order": (as_of - last).days,
        "average_days_between_orders": average(100 * (last - first).days, len(history.dates) - 1),
        "spend_recent": money(recent),
        "spend_prior": money(prior),
        "spend_change_pct": change_pct(prior, recent),
        "is_at_risk": is_at_risk,
        "churn_status": "at_risk" if is_at_risk else "active",
    }


def _is_at_risk(days_since_last_order: int, settings: Settings) -> bool:
    return days_since_last_order > settings.churn_at_risk_days


def _month_end_rows(histories: dict[str, History], day: date, settings: Settings) -> list[Row]:
    standings = _standings(histories, day, settings)
    rankings = _rank(standings)
    rows: list[Row] = []
    for customer_id, standing in standings.items():
        segment = _segment_columns(standing, rankings, settings)
        for column in ("frequency", "monetary", "rfm_code"):
            del segment[column]
        row: Row = {
            "customer_id": customer_id,
            "month_end_date": day,
            "order_count": standing.order_count,
            "lifetime_revenue": money(standing.revenue),
            "clv_tier": _tier(standing, rankings, settings),
            **segment,
            "is_at_risk": _is_at_risk(standing.recency_days, settings),
        }
        rows.append(row)
    return rows


def _history_rows(histories: dict[str, History]) -> list[Row]:
    rows: list[Row] = []
    for customer_id, history in histories.items():
        for valid_from, valid_to in pairwise([*history.dates, None]):
            assert valid_from is not None
            order_count, revenue = history.up_to(valid_from)
            row: Row = {
                "customer_id": customer_id,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "order_count": order_count,
                "lifetime_revenue": money(revenue),
            }
            rows.append(row)
    return rows
