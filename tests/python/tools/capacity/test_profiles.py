"""What a statement reads and brings together, from a plan that was really run."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tools.capacity.measuring import Bytes, DailyRun, home_column, moved
from tools.capacity.profiles import Movement, Profile, Scan, connect, profile
from tools.capacity.samples import Size
from tools.capacity.tables import Model, count_rows, measure_bytes

JOINED = """
select orders.customer_id, count(*) as orders
from marts.orders as orders
inner join marts.touched as touched on orders.business_date = touched.business_date
inner join marts.customers as customers on orders.customer_id = customers.customer_id
group by orders.customer_id
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.orders as select i as order_id, 'c' || (i % 100) as customer_id, "
            "date '2025-01-01' + cast(i // 100 as integer) as business_date, repeat('x', 50) as note "
            "from range(10000) as numbers (i)"
        )
        connection.execute("create table marts.touched as select date '2025-04-10' as business_date")
        connection.execute("create table marts.customers as select distinct customer_id from marts.orders")
        yield connection


def test_a_scan_knows_its_columns_and_what_restricts_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    scans = {scan.table: scan for scan in profile(warehouse, JOINED).scans}
    orders = scans["marts.orders"]
    assert orders.columns >= {"customer_id", "business_date"}
    assert not {"note", "order_id"} & orders.columns
    assert "business_date" in orders.filtered
    assert orders.rows == 100


def test_what_comes_together_has_a_key(warehouse: duckdb.DuckDBPyConnection) -> None:
    movements = profile(warehouse, JOINED).movements
    keys = {(movement.step, movement.key) for movement in movements}
    assert keys == {("join", "business_date"), ("join", "customer_id"), ("group", "customer_id")}


def test_a_window_has_the_key_that_it_is_parted_by(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = "select row_number() over (partition by customer_id order by order_id) as n from marts.orders"
    (window,) = profile(warehouse, query).movements
    assert (window.step, window.key, moved(window)) == ("window", "customer_id", 10000)


def test_a_join_without_an_equality_has_no_key(warehouse: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select count(*) from marts.orders as orders "
        "inner join marts.touched as touched on orders.business_date <> touched.business_date"
    )
    assert ("join", "") in {(step.step, step.key) for step in profile(warehouse, query).movements}


@pytest.mark.parametrize(
    ("movement", "home", "expected"),
    [
        (Movement("join", "order_id", (1000, 900), 900), "", 1900),
        (Movement("join", "order_id", (1000, 3), 3), "", 24),
        (Movement("join", "", (1000, 900), 900), "", 7200),
        (Movement("group", "customer_id", (1000,), 5), "", 40),
        (Movement("group", "customer_id", (1000,), 900), "", 1000),
        (Movement("group", "business_date, customer_id", (1000,), 900), "customer_id", 0),
        (Movement("window", "business_date", (1000,), 1000), "customer_id", 1000),
    ],
)
def test_the_cheaper_way_is_taken_and_what_lies_together_stays(
    movement: Movement, home: str, expected: int
) -> None:
    assert moved(movement, home) == expected


def test_a_home_is_shared_by_all_tables_that_the_column_is_read_from() -> None:
    by_customer = Scan("marts.a", frozenset({"customer_id"}), frozenset(), 1)
    without = Scan("marts.b", frozenset({"as_of_date"}), frozenset(), 1)
    elsewhere = Scan("marts.c", frozenset({"customer_id"}), frozenset(), 1)
    dists = {"marts.a": "customer_id"}
    assert home_column(Profile((by_customer, without), ()), dists) == "customer_id"
    assert home_column(Profile((by_customer, elsewhere), ()), dists) == ""


def test_blocks_are_skipped_only_by_the_sort_key() -> None:
    scan = Scan("marts.a", frozenset({"day", "amount"}), frozenset({"day"}), 10)
    model = Model("a", "marts.a", "", is_kept=True, key="day", changes="t", sort=(), dist="")
    daily_run = DailyRun(Size(2, 60, 5), [model], {"marts.a": 1000}, {"marts.a": 10}, {}, {})
    widths = {"marts.a": {"day": 1.0, "amount": 4.0, "unread": 100.0}}
    assert Bytes(widths, {}).read(daily_run, [scan], skipping=True) == 5000
    assert Bytes(widths, {"marts.a": "day"}).read(daily_run, [scan], skipping=True) == 50
    assert Bytes(widths, {"marts.a": "day"}).read(daily_run, [scan], skipping=False) == 5000
    assert Bytes(widths, {}).deleted(daily_run, model, skipping=True) == 1000
    # Ten rows are copied; the days that they replace are looked for in what is built and in what is in use.
    assert Bytes(widths, {}).published(daily_run, skipping=True) == 10 * 105 + 2 * 1000
    sorted_model = replace(model, sort=("day", "amount"))
    assert Bytes(widths, {}).deleted(daily_run, sorted_model, skipping=True) == 0
    assert Bytes(widths, {}).deleted(daily_run, sorted_model, skipping=False) == 1000
    sorted_run = replace(daily_run, models=[sorted_model])
    assert Bytes(widths, {}).published(sorted_run, skipping=True) == 10 * 105


def test_orders_are_found_by_their_dates_where_these_are_noted() -> None:
    by_date = ("business_date",)
    model = Model("a", "marts.a", "", is_kept=True, key="order_id", changes="t", sort=by_date, dist="")
    daily_run = DailyRun(Size(2, 60, 5), [model], {"marts.a": 1000}, {"marts.a": 10}, {}, {})
    estimates = Bytes({"marts.a": {"order_id": 8.0, "business_date": 1.0}}, {})
    assert estimates.deleted(daily_run, model, skipping=True) == 8000
    dated = replace(model, changed_dates=("dates",))
    assert estimates.deleted(daily_run, dated, skipping=True) == 0
    assert estimates.deleted(daily_run, dated, skipping=False) == 9000
    assert (model.found_by, dated.found_by) == ("order_id", "business_date")


def test_bytes_are_those_of_each_column_packed(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    widths = measure_bytes(warehouse, "marts.orders", ("business_date",), tmp_path)
    assert set(widths) == {"order_id", "customer_id", "business_date", "note"}
    assert widths["note"] < 1 < widths["order_id"] < 9
    assert count_rows(warehouse) == {"marts.customers": 100, "marts.orders": 10000, "marts.touched": 1}
