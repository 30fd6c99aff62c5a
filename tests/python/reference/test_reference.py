"""Small examples worked by hand, which hold the reference itself to the description of the marts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest

from . import KEYS, DateDim, RawTables, RejectedRow, Seeds, Settings, compare, compute, read_raw, read_seeds
from .cleaning import clean, clean_category
from .days import add_months, count_weekday
from .exact import Ranking, average, average_change_pct, cents, change_pct, divide, median, pct, points, rate
from .examples import NOON, item, option, random_company, random_seeds
from .facts import Row, Tables, group_by
from .inputs import LocationSeed
from .rows import by, column_of, only, rows_of, total

TIERS = ("High", "Medium", "Low")


def checks(raw: RawTables, settings: Settings | None = None, seeds: Seeds | None = None) -> dict[object, Row]:
    return by("check_name", rows_of("data_quality_summary", raw, settings, seeds))


@cache
def company() -> Tables:
    return compute(random_company(), Settings(), random_seeds())


# Exact numbers


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("-0.005", -1),
        ("0.005", 1),
        ("-0.0049", 0),
        ("0.0150", 2),
        ("2.675", 268),
        ("99999999999999.9999", 10**16),
    ],
)
def test_cents_round_half_away_from_zero(price: str, expected: int) -> None:
    assert cents(Decimal(price)) == expected


def test_a_factor_comes_before_the_rounding() -> None:
    assert cents(Decimal("0.0050"), 3) == 2


def test_quotients_round_once_and_half_away_from_zero() -> None:
    assert [divide(5, 2), divide(-5, 2), divide(5, -2), divide(-5, -2), divide(4, 3)] == [3, -3, -3, 3, 1]
    assert average(201, 2) == Decimal("1.01")
    assert str(pct(1, 3)) == "33.33"
    assert str(rate(2, 3)) == "0.6667"
    assert change_pct(200, 150) == Decimal("-25.00")
    assert average_change_pct((3, 1000), (7, 2000)) == Decimal("-14.29")
    assert points(Decimal("-50.00"), Decimal("12.50")) == Decimal("-62.50")


def test_a_quotient_by_zero_is_none() -> None:
    assert (average(1, 0), pct(1, 0), rate(1, 0), change_pct(0, 5), median([])) == (None,) * 5


@pytest.mark.parametrize(("before", "after"), [(0, 5), (-10, 5), (-10, -20)])
def test_a_change_needs_a_base_above_zero(before: int, after: int) -> None:
    assert change_pct(before, after) is None
    assert average_change_pct((2, before), (3, after)) is None


def test_a_change_needs_both_sides() -> None:
    assert average_change_pct((0, 0), (3, 5)) is None
    assert average_change_pct((3, 5), (0, 0)) is None
    assert points(None, Decimal(1)) is None
    assert points(Decimal(1), None) is None


def test_median_of_an_even_count_is_the_rounded_mean_of_the_middle_two() -> None:
    assert median([1000, 1, 4, 0]) == Decimal("0.03")
    assert median([-4, -1]) == Decimal("-0.03")
    assert median([7, 3, 100]) == Decimal("0.07")


# Ranks, tiers and scores


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], ["Medium"]),
        ([1, 2, 3, 4], ["Medium"] * 4),
        ([1, 2, 3, 4, 5], ["Low", "Medium", "Medium", "Medium", "High"]),
        ([1, 2, 3, 5, 5], ["Low", "Medium", "Medium", "Medium", "Medium"]),
        ([1, 2, 3, 4, 5, 6, 7, 8], ["Low", *["Medium"] * 6, "High"]),
        ([1, 1, 3, 4, 5, 6, 7, 8], ["Medium"] * 7 + ["High"]),
        ([1, 1, 3, 4, 5, 6, 7, 8, 9, 9], ["Low", "Low", *["Medium"] * 6, "High", "High"]),
        ([3] * 8, ["Medium"] * 8),
    ],
)
def test_tiers_never_split_ties(values: list[int], expected: list[str]) -> None:
    ranking = Ranking(values)
    share = Decimal("0.20")
    assert [ranking.band(value, share, share, TIERS) for value in values] == expected


def test_a_share_is_a_decimal() -> None:
    ranking = Ranking(range(100))
    bands = [ranking.band(value, Decimal("0.29"), Decimal("0.29"), TIERS) for value in range(100)]
    assert [bands.count(tier) for tier in TIERS] == [29, 42, 29]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], [1]),
        ([7, 9], [1, 3]),
        ([1, 2, 3], [1, 2, 4]),
        ([1, 2, 3, 4], [1, 2, 3, 4]),
        ([1, 1, 1, 9], [1, 1, 1, 4]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ([1, 2, 2, 2, 5], [1, 2, 2, 2, 5]),
        ([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 2, 3, 4, 4, 5]),
    ],
)
def test_scores_count_the_strictly_worse(values: list[int], expected: list[int]) -> None:
    assert [Ranking(values).score(value) for value in values] == expected


def test_ties_share_the_lowest_rank() -> None:
    assert [Ranking([5, 9, 9, 2]).rank(value) for value in (5, 9, 9, 2)] == [3, 1, 1, 4]


# Days


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-02-29", -12, "2023-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2025-02-28", -12, "2024-02-28"),
        ("2024-12-15", 1, "2025-01-15"),
        ("2024-01-31", -2, "2023-11-30"),
        ("2024-11-30", 1, "2024-12-30"),
    ],
)
def test_months_clamp_to_the_last_day(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("utc", "local", "business_date"),
    [
        ("2024-03-10 06:59:59", "2024-03-10 01:59:59", "2024-03-09"),
        ("2024-03-10 07:00:00", "2024-03-10 03:00:00", "2024-03-09"),
        ("2024-03-10 08:00:00", "2024-03-10 04:00:00", "2024-03-10"),
        ("2024-11-03 05:30:00", "2024-11-03 01:30:00", "2024-11-02"),
        ("2024-11-03 06:30:00", "2024-11-03 01:30:00", "2024-11-02"),
    ],
)
def test_local_time_over_clock_changes(utc: str, local: str, business_date: str) -> None:
    raw = RawTables([item(when=datetime.fromisoformat(utc))])
    row = only("fct_orders", raw, Settings(business_day_start_hour=4))
    assert row["ordered_at_local"] == datetime.fromisoformat(local)
    assert row["business_date"] == date.fromisoformat(business_date)
    assert row["daypart"] == "late_night"


def test_a_location_has_its_own_timezone() -> None:
    seeds = Seeds(locations={"r1": LocationSeed("Kolkata", timezone="Asia/Kolkata")})
    row = only("fct_orders", RawTables([item(when=datetime(2024, 5, 15, 19, 0))]), seeds=seeds)
    assert column_of(row, "business_date", "order_hour", "daypart") == (date(2024, 5, 16), 0, "late_night")


def test_weekdays_observed() -> None:
    first, last = date(2024, 5, 1), date(2024, 5, 15)
    assert [count_weekday(weekday, first, last) for weekday in range(1, 8)] == [2, 2, 3, 2, 2, 2, 2]
    assert [count_weekday(weekday, first, first) for weekday in (2, 3, 4)] == [0, 1, 0]


# Cleaning


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" \t\r\n\f\vCold \n  Brew ", "Cold Brew"),
        ("\N{NO-BREAK SPACE}Tea", "\N{NO-BREAK SPACE}Tea"),
        ("Drip Chttps://a.example/x?y=1#offee", "Drip Coffee"),
        ("HTTP://a.example#ThTtPs://b\nc#ea", "Tea"),
        ("Hot https://a.example# Tea", "Hot Tea"),
        ("Tea https://a.example", "Tea https://a.example"),
        ("http:/a#Tea", "http:/a#Tea"),
        ("https://a.example#", "Uncategorised"),
        (" \t", "Uncategorised"),
        (None, "Uncategorised"),
        (" coffees ", "Coffee"),
        ("Coffees", "Coffees"),
        ("chain", "coffees"),
        ("gone", "Uncategorised"),
    ],
)
def test_categories(raw: str | None, expected: str) -> None:
    corrections = {"coffees": "Coffee", "chain": "coffees", "gone": None}
    assert clean_category(raw, corrections) == expected


def test_ids_are_cleaned_but_not_case_folded() -> None:
    rows = [item(" o1", "l1"), item("o1 ", "l1", "3.00", row=2), item("O1", "l1", customer=" ")]
    facts = {row["order_id"]: row for row in rows_of("fct_orders", RawTables(rows))}
    assert facts.keys() == {"o1", "O1"}
    assert facts["o1"]["net_revenue"] == Decimal("3.00")
    assert facts["O1"]["customer_id"] is None
    assert clean("a \t b") == "a b"


# Versions and options


def test_the_later_load_wins_then_the_row_further_down() -> None:
    rows = [item(price="1", load=1, row=9), item(price="2", load=2, row=3), item(price="3", load=2, row=2)]
    assert only("fct_order_lines", RawTables(rows))["item_amount"] == Decimal("2.00")
    assert checks(RawTables(rows))["superseded_order_lines"]["row_count"] == 2


def test_the_latest_option_set_wins_and_copies_count_once() -> None:
    options = [
        option(price="9.00", load=2),
        option(price="9.00", load=2),
        option(price="1.0", load=3),
        option(price="1.0000", name=" Oat", load=3),
        option(price="1.0", name="Soy", load=3),
        option(price="-0.50", name="Deal", load=3, quantity=2),
        option("o9", "l9", load=1),
        option("o9", "l9", load=1),
        option("o9", "l8", load=1),
        option("o9", "l8", load=2),
    ]
    raw = RawTables([item(load=4)], options)
    row = only("fct_order_lines", raw)
    amounts = column_of(
        row, "option_amount", "discount_amount", "gross_revenue", "net_revenue", "is_discounted"
    )
    assert amounts == (Decimal("2.00"), Decimal("1.00"), Decimal("12.00"), Decimal("11.00"), True)
    assert checks(raw)["duplicate_options"]["row_count"] == 2
    assert checks(raw)["replaced_option_sets"]["row_count"] == 2
    assert checks(raw)["orphan_options"]["row_count"] == 2


def test_price_bases() -> None:
    raw = RawTables([item(price="0.0050", quantity=3)], [option(price="0.333", quantity=2)])
    other = Settings(item_price_basis="unit", option_price_basis="per_unit")
    columns = ("item_amount", "option_amount")
    assert column_of(only("fct_order_lines", raw), *columns) == (Decimal("0.01"), Decimal("0.67"))
    assert column_of(only("fct_order_lines", raw, other), *columns) == (Decimal("0.02"), Decimal("2.00"))


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(ValueError, match="line_total, unit"):
        Settings(item_price_basis="units")


# Which lines count


def test_every_line_is_of_one_class() -> None:
    late = NOON + timedelta(days=1)
    rows = [
        item("o1", "l1", "1"),
        item("o2", "l1", "2", app="test", currency="EUR"),
        item("o3", "l1", "4", app="test"),
        item("o3", "l2", "4", app="test"),
        item("o4", "l1", "8", when=late),
        item("o5", "l1", "16", when=late, app="test"),
        item("o6", "l1", "32", when=late, currency="EUR"),
    ]
    seeds = Seeds(excluded_apps=frozenset({"test"}))
    found = checks(RawTables(rows), Settings(as_of_date=NOON.date()), seeds)
    columns = ("row_count", "revenue_affected")
    assert column_of(found["other_currency_lines"], *columns) == (1, Decimal("2.00"))
    assert column_of(found["excluded_app_orders"], *columns) == (1, Decimal("8.00"))
    assert only("fct_orders", RawTables(rows), Settings(as_of_date=NOON.date()), seeds)["order_id"] == "o1"


def test_as_of_is_the_latest_date_in_the_facts() -> None:
    late = NOON + timedelta(days=9)
    rows = [item(), item("o2", when=late, app="test"), item("o3", when=late, currency="EUR")]
    row = only("location_performance", RawTables(rows), seeds=Seeds(excluded_apps=frozenset({"test"})))
    assert row["as_of_date"] == NOON.date()


def test_the_earliest_line_of_any_currency_is_the_head() -> None:
    rows = [
        item("o1", "l3", when=NOON, customer="c3", is_loyalty=True),
        item("o1", "l2", when=NOON - timedelta(hours=1), customer="c2", location="r2", currency="EUR"),
        item("o1", "l1", when=NOON, customer="c1"),
    ]
    row = only("fct_orders", RawTables(rows))
    assert column_of(row, "customer_id", "location_id", "line_count", "order_hour") == ("c2", "r2", 2, 11)
    assert row["is_loyalty"] is True
    assert {line["customer_id"] for line in rows_of("fct_order_lines", RawTables(rows))} == {"c2"}


def test_excluded_customers_count_as_sales_only() -> None:
    raw = RawTables([item("o1"), item("o2", customer="vip"), item("o3", customer=None)])
    tables = compute(raw, Settings(), Seeds(excluded_customers=frozenset({"vip"})))
    numbers = {row["customer_id"]: row["customer_order_number"] for row in tables["fct_orders"]}
    assert numbers == {"c1": 1, "vip": 1, None: None}
    flags = {row["customer_id"]: row["is_excluded"] for row in tables["dim_customers"]}
    assert flags == {"c1": False, "vip": True}
    assert [row["customer_id"] for row in tables["customer_lifetime_value_history"]] == ["c1"]
    columns = ("order_count", "customer_count", "net_revenue")
    assert column_of(tables["location_performance"][0], *columns) == (3, 1, Decimal("30.00"))


def test_without_an_order_the_fixed_rows_stand() -> None:
    tables = compute(RawTables(), Settings(), Seeds())
    filled = {name: len(rows) for name, rows in tables.items() if rows}
    assert filled == {
        "loyalty_program_impact": 3,
        "loyalty_joining_effect": 1,
        "discount_effectiveness": 2,
        "data_quality_summary": 30,
    }
    member, plain = tables["loyalty_program_impact"][0], tables["discount_effectiveness"][0]
    assert column_of(member, "net_revenue", "median_lifetime_value") == (Decimal("0.00"), None)
    assert column_of(plain, "estimated_food_cost", "order_share_pct") == (Decimal("0.00"), None)
    columns = ("customer_count", "matched_customer_count", "expected_orders_after", "is_excess_clear")
    assert column_of(tables["loyalty_joining_effect"][0], *columns) == (0, 0, Decimal("0.00"), None)


def test_rejected_rows_are_counted_by_reason() -> None:
    rejected = [("order_items", "too_long"), ("order_item_options", "too_long"), ("order_items", "too_long")]
    rows = [
        RejectedRow(source_row_number=1, load_id=1, table_name=name, reason=reason)
        for name, reason in rejected
    ]
    found = checks(RawTables(rejected_rows=rows))
    counts = {name: row["row_count"] for name, row in found.items() if row["row_count"]}
    assert counts == {"rejected_items_too_long": 2, "rejected_options_too_long": 1}


# Marts, by hand


def test_dates_know_holidays_where_a_calendar_covers_them() -> None:
    calendar = [
        DateDim(
            source_row_number=1, load_id=1, date_key=date(2024, 5, 18), is_holiday=False, holiday_name=None
        ),
        DateDim(
            source_row_number=1, load_id=2, date_key=date(2024, 5, 18), is_holiday=True, holiday_name=" F "
        ),
    ]
    raw = RawTables([item()], date_dim=calendar)
    rows = rows_of("dim_dates", raw, Settings(as_of_date=date(2024, 5, 18)))
    assert [row["is_holiday"] for row in rows] == [None, None, None, True]
    columns = (
        "iso_week",
        "week_start_date",
        "iso_day_of_week",
        "day_name",
        "is_weekend",
        "quarter",
        "month_name",
    )
    assert column_of(rows[3], *columns) == (20, date(2024, 5, 13), 6, "Saturday", True, 2, "May")
    assert rows[3]["holiday_name"] == "F"


def test_the_first_order_is_the_first_in_time_not_by_local_date() -> None:
    seeds = Seeds(locations={"tokyo": LocationSeed(timezone="Asia/Tokyo")})
    rows = [
        item("o1", location="tokyo", when=NOON),
        item("o2", location="r1", when=NOON + timedelta(hours=1), is_loyalty=True),
        item("o3", location="r1", when=NOON + timedelta(days=3), is_loyalty=True),
    ]
    row = only("dim_customers", RawTables(rows), Settings(as_of_date=date(2024, 5, 30)), seeds)
    columns = ("first_order_date", "last_order_date", "loyalty_joined_date", "first_location_id")
    assert column_of(row, *columns) == (date(2024, 5, 15), date(2024, 5, 18), date(2024, 5, 15), "tokyo")


# A random company


def test_month_end_is_what_the_marts_would_have_said() -> None:
    month_ends = {row["month_end_date"] for row in company()["customer_month_end"]}
    assert len(month_ends) == 13
    for day in month_ends:
        assert isinstance(day, date)
        then = compute(random_company(), Settings(as_of_date=day), random_seeds())
        expected = [
            {
                "customer_id": value["customer_id"],
                "month_end_date": day,
                **{name: value[name] for name in ("order_count", "lifetime_revenue", "clv_tier")},
                **{name: segment[name] for name in ("recency_days", "recency_score", "frequency_score")},
                **{name: segment[name] for name in ("monetary_score", "rfm_segment")},
                "is_at_risk": churn["is_at_risk"],
            }
            for value, segment, churn in zip(
                then["customer_lifetime_value"],
                then["customer_segments"],
                then["customer_churn_indicators"],
                strict=True,
            )
        ]
        actual = [row for row in company()["customer_month_end"] if row["month_end_date"] == day]
        assert compare(expected, actual, KEYS["customer_month_end"]) == []


def test_keys_are_unique_and_every_table_has_rows() -> None:
    assert company().keys() == KEYS.keys()
    for name, rows in company().items():
        assert rows, name
        assert len({column_of(row, *KEYS[name]) for row in rows}) == len(rows), name
        assert len({tuple(row) for row in rows}) == 1, name


@pytest.mark.parametrize(
    "table",
    [
        "fct_order_lines",
        "sales_daily",
        "sales_weekly",
        "sales_monthly",
        "sales_by_category_daily",
        "sales_by_category_weekly",
        "sales_by_category_monthly",
        "sales_by_customer_type_monthly",
        "location_performance",
        "discount_effectiveness",
        "discount_effectiveness_monthly",
    ],
)
def test_revenue_is_the_same_everywhere(table: str) -> None:
    assert total(company()[table], "net_revenue") == total(company()["fct_orders"], "net_revenue")


def test_customers_guests_and_excluded_add_up() -> None:
    tables = company()
    left_out = [
        row
        for row in tables["data_quality_summary"]
        if row["check_name"] in ("guest_orders", "excluded_customer_orders")
    ]
    customers = total(tables["customer_lifetime_value"], "lifetime_revenue")
    assert customers + total(left_out, "revenue_affected") == total(tables["fct_orders"], "net_revenue")
    excluded = [row for row in left_out if row["check_name"] == "excluded_customer_orders"]
    impact = total(tables["loyalty_program_impact"], "net_revenue")
    assert impact + total(excluded, "revenue_affected") == total(tables["fct_orders"], "net_revenue")


def test_all_joiners_are_the_sum_of_the_months() -> None:
    tables = compute(random_company(), Settings(loyalty_window_days=4), random_seeds())
    everybody, *months = tables["loyalty_joining_effect"]
    amounts = [name for name, value in everybody.items() if type(value) in (int, Decimal)]
    assert len(amounts) == 11
    assert total(months, "matched_customer_count") > 3
    assert {name: total(months, name) for name in amounts} == {name: everybody[name] for name in amounts}


def test_like_for_like_and_kinds_of_customers_add_up_to_the_months() -> None:
    tables = company()
    months = group_by(tables["sales_monthly"], lambda row: row["month_start_date"])
    for row in tables["sales_like_for_like_monthly"]:
        own = months[row["month_start_date"]]
        assert {one["is_complete_period"] for one in own} == {True}
        assert row["net_revenue"] == total(own, "net_revenue")
        assert row["order_count"] == total(own, "order_count")
    kinds = group_by(tables["sales_by_customer_type_monthly"], lambda row: row["month_start_date"])
    counts = {month: total(rows, "order_count") for month, rows in kinds.items()}
    assert counts == {month: total(rows, "order_count") for month, rows in months.items()}
    guests = [row for row in tables["sales_by_customer_type_monthly"] if row["customer_type"] == "guest"]
    assert total(guests, "order_count") == tables["loyalty_program_impact"][2]["order_count"]


def test_cohorts_hold_every_customer_and_every_order_of_ended_months() -> None:
    tables = compute(random_company(), Settings(as_of_date=date(2024, 11, 30)), random_seeds())
    cohorts = tables["customer_cohorts"]
    customers = tables["customer_lifetime_value"]
    assert total([row for row in cohorts if row["months_since_first"] == 0], "customer_count") == len(
        customers
    )
    assert total(cohorts, "order_count") == total(customers, "order_count")
    assert total(cohorts, "net_revenue") == total(customers, "lifetime_revenue")


def test_no_float_anywhere() -> None:
    kinds = {type(value) for rows in company().values() for row in rows for value in row.values()}
    assert kinds == {int, Decimal, str, date, datetime, bool, type(None)}


# Reading and comparing


def test_compare_tells_every_difference() -> None:
    expected: list[Row] = [{"id": 1, "a": Decimal("1.00"), "b": None}, {"id": 2, "a": Decimal(2), "b": 0}]
    actual: list[Row] = [{"id": 1, "a": 1.0, "b": "x"}, {"id": 3, "a": None}, {"id": 3, "a": None}]
    assert [str(difference) for difference in compare(expected, actual, ["id"])] == [
        "(3,) (row): expected 'a single row', actual 'repeated'",
        "(1,) a: expected Decimal('1.00'), actual 1.0",
        "(1,) b: expected None, actual 'x'",
        "(2,) (row): expected 'a row', actual 'missing'",
        "(3,) (row): expected 'no row', actual 'surplus'",
    ]


def test_compare_ignores_what_it_is_told_and_trailing_zeros() -> None:
    expected: list[Row] = [{"id": 1, "a": Decimal("1.0"), "text": None}]
    actual: list[Row] = [{"text": "any", "id": 1, "a": Decimal("1.00")}]
    assert compare(expected, actual, ["id"], ignore={"text"}) == []
    assert [one.column for one in compare(expected, actual, ["id"])] == ["text"]


LINEAGE = (
    "_source_file varchar, _source_row_number bigint, _load_id bigint, _batch_id bigint, _loaded_at timestamp"
)
RAW_TABLES = {
    "order_items": f"""app_name varchar, restaurant_id varchar, creation_time_utc timestamp, order_id varchar,
        user_id varchar, printed_card_number_hash varchar, is_loyalty boolean, currency varchar,
        lineitem_id varchar, item_category varchar, item_name varchar, item_price decimal(18,4),
        item_quantity bigint, {LINEAGE}""",
    "order_item_options": f"""order_id varchar, lineitem_id varchar, option_group_name varchar,
        option_name varchar, option_price decimal(18,4), option_quantity bigint, {LINEAGE}""",
    "date_dim": f"""date_key date, year varchar, month varchar, week varchar, day_of_week varchar,
        is_weekend varchar, is_holiday boolean, holiday_name varchar, {LINEAGE}""",
    "rejected_rows": f"table_name varchar, reason varchar, raw_line varchar, {LINEAGE}",
    "load_files": """load_id bigint, file_name varchar, sha256 varchar, table_name varchar, rows_read bigint,
        rows_landed bigint, rows_rejected bigint, first_business_date date, last_business_date date,
        batch_id bigint, loaded_at timestamp""",
}


def test_raw_tables_are_read_from_duckdb() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        for table, columns in RAW_TABLES.items():
            connection.execute(f"create table raw.{table} ({columns})")
        connection.execute(
            """insert into raw.order_items values
            ('web', 'r1', '2024-05-15 16:00:00.25', 'o1', null, null, false, 'USD', 'l1', 'Tea', 'Green',
            7.2500, 3, 'a.csv', 5, 2, 1, '2024-05-16 00:00:00')"""
        )
        raw = read_raw(connection)
    row = only("fct_order_lines", raw)
    assert column_of(row, "item_amount", "customer_id", "item_quantity") == (Decimal("7.25"), None, 3)
    assert row["ordered_at_local"] == datetime(2024, 5, 15, 12, 0, 0, 250_000)
    assert raw.order_items[0].source_row_number == 5


def test_seeds_are_read_by_column_name(tmp_path: Path) -> None:
    texts = {
        "locations": "location_id,location_name,region,timezone,opened_on\nr1,A,,Europe/Rome,2020-01-31\n",
        "dayparts": "daypart,hour\nbreakfast,5\n",
        "excluded_apps": "app_name,reason\ntest,internal\n",
        "excluded_customers": "customer_id,reason\n",
        "menu_category_costs": "item_category,food_cost_rate\nTea,0.1500\n",
        "menu_category_corrections": "raw,corrected\nteas,Tea\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    seeds = read_seeds(tmp_path)
    assert seeds.locations == {"r1": LocationSeed("A", None, "Europe/Rome", date(2020, 1, 31))}
    assert (seeds.dayparts, seeds.excluded_apps) == ({5: "breakfast"}, frozenset({"test"}))
    assert (seeds.menu_category_costs, seeds.excluded_customers) == ({"Tea": Decimal("0.15")}, frozenset())
    assert seeds.menu_category_corrections == {"teas": "Tea"}
