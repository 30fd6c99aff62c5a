"""How recently, how often and for how much each customer ordered, and the segment that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .days import ONE_DAY, add_months
from .exact import Ranking, money
from .facts import Row
from .history import History
from .inputs import Settings

TIERS = ("High", "Medium", "Low")


@dataclass(frozen=True)
class Standing:
    """A customer as of the end of a day; revenue and monetary are cents."""

    first_order_date: date
    age_days: int
    order_count: int
    revenue: int
    recency_days: int
    frequency: int
    monetary: int


@dataclass(frozen=True)
class Rankings:
    """Revenue among all customers of one day, the others among those with an order in the window."""

    revenue: Ranking
    frequency: Ranking
    monetary: Ranking


def standings_of(histories: Mapping[str, History], day: date, settings: Settings) -> dict[str, Standing]:
    """Return every customer who had ordered by the end of a day."""
    return {
        customer_id: _standing(history, day, settings)
        for customer_id, history in histories.items()
        if history.dates[0] <= day
    }


def _standing(history: History, day: date, settings: Settings) -> Standing:
    order_count, revenue = history.up_to(day)
    window_start = add_months(day, -settings.rfm_window_months) + ONE_DAY
    frequency, monetary = history.between(window_start, day)
    return Standing(
        first_order_date=history.dates[0],
        age_days=(day - history.dates[0]).days,
        order_count=order_count,
        revenue=revenue,
        recency_days=(day - history.last_date(day)).days,
        frequency=frequency,
        monetary=monetary,
    )


def rankings_of(standings: Mapping[str, Standing]) -> Rankings:
    """Return the customers of one day, ranked."""
    in_window = [one for one in standings.values() if one.frequency > 0]
    return Rankings(
        revenue=Ranking(one.revenue for one in standings.values()),
        frequency=Ranking(one.frequency for one in in_window),
        monetary=Ranking(one.monetary for one in in_window),
    )


def tier(standing: Standing, rankings: Rankings, settings: Settings) -> str:
    """Return the tier of lifetime revenue by the 20/60/20 rule."""
    return rankings.revenue.band(standing.revenue, settings.clv_high_share, settings.clv_low_share, TIERS)


def is_at_risk(standing: Standing, settings: Settings) -> bool:
    """Return whether a customer has been silent for longer than the limit; recency is then low, else high."""
    return standing.recency_days > settings.churn_at_risk_days


def recency_score(recency_days: int, at_risk_days: int) -> int:
    """Return 5 (most recent) to 1: a third, one, two and four times the limit are the edges."""
    if 3 * recency_days <= at_risk_days:
        return 5
    if recency_days <= at_risk_days:
        return 4
    if recency_days <= 2 * at_risk_days:
        return 3
    return 2 if recency_days <= 4 * at_risk_days else 1


def segment_columns(standing: Standing, rankings: Rankings, settings: Settings) -> Row:
    """Return the columns of customer_segments that follow its dates."""
    recency = recency_score(standing.recency_days, settings.churn_at_risk_days)
    has_ordered = standing.frequency > 0
    frequency = rankings.frequency.score(standing.frequency) if has_ordered else 1
    monetary = rankings.monetary.score(standing.monetary) if has_ordered else 1
    return {
        "recency_days": standing.recency_days,
        "frequency": standing.frequency,
        "monetary": money(standing.monetary),
        "recency_score": recency,
        "frequency_score": frequency,
        "monetary_score": monetary,
        "rfm_code": f"{recency}{frequency}{monetary}",
        "rfm_segment": _segment(standing, frequency, monetary, settings),
    }


def _segment(standing: Standing, frequency: int, monetary: int, settings: Settings) -> str:
    is_recent, is_rare = not is_at_risk(standing, settings), frequency <= settings.rfm_low_score
    if is_recent and min(frequency, monetary) >= settings.rfm_high_score:
        return "VIP"
    if is_recent and is_rare and standing.age_days <= settings.new_customer_days:
        return "New Customer"
    if not is_recent:
        return "Churn Risk" if is_rare else "Lapsing"
    return "Regular"
