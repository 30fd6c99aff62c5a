"""Customer marts worked by hand: value, segments, churn, cohorts and the expected value's year."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from . import RawTables, Seeds, Settings, compute
from .examples import NOON, item, order_on, random_company, random_seeds
from .expected_value import expected_value_tables
from .facts import Row, Tables
from .inputs import LocationSeed
from .rows import by, column_of, only, rows_of
from .segments import recency_score

AS_OF = date(2024, 12, 31)


def days_before(days: int) -> date:
    return AS_OF - timedelta(days=days)


# Lifetime value


def test_lifetime_value_history_is_cumulative() -> None:
    days = [date(2024, 5, 1), date(2024, 5, 1), date(2024, 5, 4)]
    raw = RawTables([order_on(day, f"o{number}") for number, day in enumerate(days)])
    columns = ("valid_from", "valid_to", "order_count", "lifetime_revenue")
    assert [column_of(row, *columns) for row in rows_of("customer_lifetime_value_history", raw)] == [
        (days[0], days[2], 2, Decimal(20)),
        (days[2], None, 3, Decimal(30)),
    ]


# Segments


@pytest.mark.parametrize(
    ("at_risk_days", "scores"),
    [
        (45, {0: 5, 15: 5, 16: 4, 45: 4, 46: 3, 90: 3, 91: 2, 180: 2, 181: 1}),
        (10, {3: 5, 4: 4, 10: 4, 11: 3, 20: 3, 21: 2, 40: 2, 41: 1}),
        (0, {0: 5, 1: 1}),
    ],
)
def test_recency_is_scored_by_days(at_risk_days: int, scores: dict[int, int]) -> None:
    assert {days: recency_score(days, at_risk_days) for days in scores} == scores


def test_the_window_of_frequency_starts_after_the_clamped_day() -> None:
    days = [date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29)]
    raw = RawTables([order_on(day, f"o{number}") for number, day in enumerate(days)])
    row = only("customer_segments", raw)
    assert column_of(row, "first_order_date", "frequency", "monetary") == (days[0], 2, Decimal("20.00"))


def test_segments_by_their_first_match() -> None:
    customers = {"vip": (5, 0), "lapsing": (4, 46), "regular": (3, 45), "lost": (2, 46), "new": (1, 1)}
    rows = [
        order_on(days_before(silent), f"{customer}{number}", customer=customer)
        for customer, (count, silent) in customers.items()
        for number in range(count)
    ]
    found = rows_of("customer_segments", RawTables(rows))
    assert {row["customer_id"]: column_of(row, "rfm_code", "rfm_segment") for row in found} == {
        "vip": ("555", "VIP"),
        "lapsing": ("344", "Lapsing"),
        "regular": ("433", "Regular"),
        "lost": ("322", "Churn Risk"),
        "new": ("511", "New Customer"),
    }


@pytest.mark.parametrize("window_months", [12, 1])
@pytest.mark.parametrize(("first", "segment"), [(90, "New Customer"), (91, "Regular")])
def test_a_newcomer_is_new_by_their_first_order_ever(first: int, segment: str, window_months: int) -> None:
    rows = [order_on(days_before(first), "o1"), order_on(AS_OF, "o2")]
    settings = Settings(rfm_window_months=window_months)
    row = only("customer_segments", RawTables(rows), settings)
    assert column_of(row, "frequency_score", "rfm_segment") == (1, segment)


def test_scores_look_at_customers_with_an_order_in_the_window_only() -> None:
    old = [
        order_on(AS_OF - timedelta(days=731), f"old{number}", customer=f"old{number}") for number in (1, 2)
    ]
    new = [
        order_on(AS_OF, "b1", "-5.00", customer="refunded"),
        order_on(AS_OF, "c1", customer="twice"),
        order_on(AS_OF, "c2", customer="twice"),
    ]
    found = rows_of("customer_segments", RawTables([*old, *new]))
    assert {row["customer_id"]: row["rfm_code"] for row in found} == {
        "old1": "111",
        "old2": "111",
        "refunded": "511",
        "twice": "533",
    }


def test_at_risk_is_churn_risk_or_lapsing_and_nothing_else() -> None:
    rows = compute(random_company(), Settings(), random_seeds())["customer_month_end"]
    segments = {
        is_at_risk: {row["rfm_segment"] for row in rows if row["is_at_risk"] is is_at_risk}
        for is_at_risk in (True, False)
    }
    assert segments[True] == {"Churn Risk", "Lapsing"}
    assert segments[False] == {"VIP", "New Customer", "Regular"}


# Churn


@pytest.mark.parametrize(("days", "status"), [(45, "active"), (46, "at_risk")])
def test_at_risk_begins_after_the_limit(days: int, status: str) -> None:
    as_of = NOON.date() + timedelta(days=days)
    row = only("customer_churn_indicators", RawTables([item()]), Settings(as_of_date=as_of))
    assert column_of(row, "days_since_last_order", "churn_status") == (days, status)
    assert row["at_risk_since"] == (as_of if status == "at_risk" else None)


def test_spend_windows_meet_without_overlap() -> None:
    offsets = {0: "1", 89: "2", 90: "4", 179: "8", 180: "16"}
    rows = [order_on(days_before(days), f"o{days}", price) for days, price in offsets.items()]
    row = only("customer_churn_indicators", RawTables(rows))
    columns = ("spend_recent", "spend_prior", "spend_change_pct", "average_days_between_orders")
    assert column_of(row, *columns) == (Decimal(3), Decimal(12), Decimal(-75), Decimal(45))


def test_a_prior_spend_below_zero_gives_no_change() -> None:
    rows = [order_on(days_before(90), "o1", "-4"), order_on(AS_OF, "o2")]
    row = only("customer_churn_indicators", RawTables(rows))
    assert column_of(row, "spend_prior", "spend_change_pct") == (Decimal(-4), None)


@pytest.mark.parametrize(("first", "is_comparable"), [(179, True), (178, False)])
def test_a_change_is_comparable_when_both_windows_are_known(first: int, is_comparable: bool) -> None:
    row = only(
        "customer_churn_indicators", RawTables([order_on(days_before(first), "o1"), order_on(AS_OF, "o2")])
    )
    assert row["is_change_comparable"] is is_comparable


@pytest.mark.parametrize(
    ("silent", "ratio", "is_overdue"), [(0, "0.00", False), (20, "2.00", False), (21, "2.10", True)]
)
def test_overdue_is_silent_for_more_than_twice_the_own_gap(silent: int, ratio: str, is_overdue: bool) -> None:
    rows = [order_on(days_before(silent + days), f"o{days}") for days in (20, 13, 0)]
    row = only("customer_churn_indicators", RawTables(rows), Settings(as_of_date=AS_OF))
    assert column_of(row, "overdue_ratio", "is_overdue") == (Decimal(ratio), is_overdue)


def test_two_order_dates_are_no_habit() -> None:
    rows = [order_on(days_before(days), f"o{number}") for number, days in enumerate((99, 98, 98))]
    row = only("customer_churn_indicators", RawTables(rows), Settings(as_of_date=AS_OF))
    assert column_of(row, "average_days_between_orders", "overdue_ratio", "is_overdue") == (
        Decimal(1),
        None,
        None,
    )


# Cohorts


COHORTS = RawTables(
    [
        order_on(date(2024, 1, 15), "a1", customer="a"),
        order_on(date(2024, 2, 10), "a2", "20.00", customer="a"),
        order_on(date(2024, 2, 11), "a3", "5.00", customer="a"),
        order_on(date(2024, 1, 31), "b1", customer="b"),
        order_on(date(2024, 4, 1), "b2", "30.00", customer="b"),
        order_on(date(2024, 3, 5), "c1", "7.00", customer="c"),
        order_on(date(2024, 1, 2), "x1", customer="excluded"),
        item("guest", customer=None, when=datetime(2024, 1, 3, 16)),
    ]
)
COHORT_SEEDS = Seeds(excluded_customers=frozenset({"excluded"}))


def cohorts(as_of: date) -> dict[tuple[object, ...], Row]:
    rows = rows_of("customer_cohorts", COHORTS, Settings(as_of_date=as_of), COHORT_SEEDS)
    return {column_of(row, "cohort_month", "months_since_first"): row for row in rows}


def test_a_cohort_has_a_row_for_each_month_that_has_ended() -> None:
    january, march = date(2024, 1, 1), date(2024, 3, 1)
    three_months = [(january, 0), (january, 1), (january, 2), (march, 0)]
    assert list(cohorts(date(2024, 4, 29))) == three_months
    assert set(cohorts(date(2024, 4, 30))) == {*three_months, (january, 3), (march, 1)}
    assert list(cohorts(date(2024, 1, 30))) == []


def test_a_cohort_month_by_month() -> None:
    rows = cohorts(date(2024, 4, 30))
    january = [rows[date(2024, 1, 1), months] for months in range(4)]
    in_month = ("customer_count", "active_customer_count", "retention_rate", "order_count", "net_revenue")
    assert [column_of(row, *in_month) for row in january] == [
        (2, 2, Decimal(1), 2, Decimal(20)),
        (2, 1, Decimal("0.5"), 2, Decimal(25)),
        (2, 0, Decimal(0), 0, Decimal(0)),
        (2, 1, Decimal("0.5"), 1, Decimal(30)),
    ]
    so_far = ("cumulative_net_revenue", "cumulative_net_revenue_per_customer")
    assert [column_of(row, *so_far) for row in january] == [
        (Decimal(20), Decimal(10)),
        (Decimal(45), Decimal("22.50")),
        (Decimal(45), Decimal("22.50")),
        (Decimal(75), Decimal("37.50")),
    ]
    repeat = ("repeat_customer_count", "repeat_customer_rate")
    assert [column_of(row, *repeat) for row in january] == [
        (0, Decimal(0)),
        (1, Decimal("0.5")),
        (1, Decimal("0.5")),
        (2, Decimal(1)),
    ]


def test_the_second_order_is_second_in_time_even_where_its_local_date_is_earlier() -> None:
    seeds = Seeds(locations={"tokyo": LocationSeed(timezone="Asia/Tokyo")})
    rows = [
        item("o1", location="tokyo", when=datetime(2024, 5, 31, 15, 30)),
        item("o2", location="r1", when=datetime(2024, 5, 31, 16, 30)),
    ]
    row = only("customer_cohorts", RawTables(rows), Settings(as_of_date=date(2024, 6, 29)), seeds)
    columns = ("cohort_month", "order_count", "repeat_customer_count")
    assert column_of(row, *columns) == (date(2024, 5, 1), 1, 1)


# Expected value


def growing_shop(months: int) -> dict[str, list[tuple[date, int]]]:
    """Twenty customers, each ordering once a month for a price of their own."""
    return {
        f"c{number:02}": [
            (date(2023 + month // 12, month % 12 + 1, number + 1), 100 * (number + 1))
            for month in range(months)
        ]
        for number in range(20)
    }


def expected_value(months: int, settings: Settings | None = None) -> Tables:
    as_of = date(2023 + months // 12, months % 12 + 1, 1) - timedelta(days=1)
    return expected_value_tables(growing_shop(months), as_of, settings or Settings())


YEAR_COLUMNS = (
    "expected_orders_next_12m",
    "expected_revenue_next_12m",
    "expected_value_rank",
    "expected_value_tier",
)


@pytest.mark.parametrize(
    ("months", "reason", "year_reason"),
    [(5, "history_too_short", "history_too_short"), (14, None, "no_full_year"), (15, None, None)],
)
def test_there_is_no_year_without_a_full_year(
    months: int, reason: str | None, year_reason: str | None
) -> None:
    best = by("customer_id", expected_value(months)["customer_expected_value"])["c19"]
    assert column_of(best, "reason", "year_reason") == (reason, year_reason)
    assert (best["expected_revenue_next_3m"] is None) is (reason is not None)
    assert [best[column] is None for column in YEAR_COLUMNS] == [year_reason is not None] * 4


def test_three_years_may_stand_without_a_year() -> None:
    settings = Settings(expected_lifetime_min_month_ends=14)
    row = expected_value(14, settings)["customer_expected_value"][0]
    assert column_of(row, "year_reason", "lifetime_reason") == ("no_full_year", None)
    assert row["expected_remaining_value"] is not None


def test_the_backtest_says_what_a_plain_ranking_catches() -> None:
    rows = by("decile", expected_value(18)["expected_value_backtest"])
    columns = ("top_share_caught", "naive_top_share_caught")
    assert column_of(rows[0], *columns) == (Decimal(1), Decimal(1))
    assert {column_of(rows[decile], *columns) for decile in range(1, 11)} == {(None, None)}
    (short,) = expected_value(5)["expected_value_backtest"]
    assert column_of(short, *columns) == (None, None)
