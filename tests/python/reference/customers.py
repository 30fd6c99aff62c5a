"""Customer marts: lifetime value, segments and churn indicators, today and at each month's end; cohorts."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from .churn import churn_columns
from .cohorts import cohort_rows
from .days import month_ends
from .exact import average, money
from .facts import Facts, Order, Row, Tables
from .history import History, counted_customers
from .inputs import Seeds, Settings
from .segments import is_at_risk, rankings_of, segment_columns, standings_of, tier

CUSTOMER_MARTS = (
    "customer_lifetime_value",
    "customer_lifetime_value_history",
    "customer_month_end",
    "customer_cohorts",
    "customer_segments",
    "customer_churn_indicators",
)


def customer_tables(facts: Facts, settings: Settings, seeds: Seeds) -> Tables:
    """Return the six customer marts."""
    customers = counted_customers(facts, seeds)
    histories = {customer_id: History(orders) for customer_id, orders in customers.items()}
    if facts.span is None:
        return {name: [] for name in CUSTOMER_MARTS}
    first, as_of = facts.span
    standings = standings_of(histories, as_of, settings)
    rankings = rankings_of(standings)
    keys = {customer_id: {"customer_id": customer_id, "as_of_date": as_of} for customer_id in customers}
    return {
        "customer_lifetime_value": [
            {
                **keys[customer_id],
                **_value_columns(orders, histories[customer_id], as_of),
                "clv_rank": rankings.revenue.rank(standings[customer_id].revenue),
                "clv_tier": tier(standings[customer_id], rankings, settings),
            }
            for customer_id, orders in customers.items()
        ],
        "customer_lifetime_value_history": _history_rows(histories),
        "customer_month_end": [
            row for day in month_ends(first, as_of) for row in _month_end_rows(histories, day, settings)
        ],
        "customer_cohorts": cohort_rows(list(customers.values()), as_of),
        "customer_segments": [
            {
                **keys[customer_id],
                "first_order_date": standing.first_order_date,
                **segment_columns(standing, rankings, settings),
            }
            for customer_id, standing in standings.items()
        ],
        "customer_churn_indicators": [
            {**keys[customer_id], **churn_columns(histories[customer_id], standing, as_of, settings)}
            for customer_id, standing in standings.items()
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


def _month_end_rows(histories: Mapping[str, History], day: date, settings: Settings) -> list[Row]:
    standings = standings_of(histories, day, settings)
    rankings = rankings_of(standings)
    rows: list[Row] = []
    for customer_id, standing in standings.items():
        segment = segment_columns(standing, rankings, settings)
        for column in ("frequency", "monetary", "rfm_code"):
            del segment[column]
        row: Row = {
            "customer_id": customer_id,
            "month_end_date": day,
            "order_count": standing.order_count,
            "lifetime_revenue": money(standing.revenue),
            "clv_tier": tier(standing, rankings, settings),
            **segment,
            "is_at_risk": is_at_risk(standing, settings),
        }
        rows.append(row)
    return rows


def _history_rows(histories: Mapping[str, History]) -> list[Row]:
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
