"""The hand-tuned baseline makes the rows that the project makes, or it would be no measure of it."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tools.benchmark import equality, hand_tuned
from tools.benchmark.checked_read import checked_read

from .conftest import Company

RAW = ("order_items", "order_item_options", "date_dim")
MARTS = {
    "customer_expected_value",
    "customer_lifetime_value",
    "customer_lifetime_value_history",
    "customer_month_end",
    "dim_customers",
    "dim_dates",
    "dim_locations",
    "expected_value_backtest",
    "expected_value_cells",
    "fct_order_lines",
    "fct_orders",
    "sales_by_category_daily",
    "sales_daily",
}


@pytest.fixture(scope="module")
def earlier(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The baseline's warehouse of all files but those of the last two days."""
    database = tmp_path_factory.mktemp("baseline") / "baseline.duckdb"
    hand_tuned.build(company.earlier, company.seeds, database)
    return database


def test_full_build_equals_the_project(company: Company, tmp_path: Path) -> None:
    files = gather(tmp_path / "files", company.earlier, company.last_but_one, company.last)
    database = tmp_path / "baseline.duckdb"
    stages = hand_tuned.build(files, company.seeds, database)
    assert set(equality.tables(database)) == MARTS
    assert_equal(company.project.warehouse, database)
    assert stages.total == stages.raw + stages.facts + stages.marts > 0


def test_days_added_equal_the_project(company: Company, earlier: Path, tmp_path: Path) -> None:
    added, built = tmp_path / "added.duckdb", tmp_path / "built.duckdb"
    shutil.copy(earlier, added)
    assert hand_tuned.add_day(company.last_but_one, company.seeds, added) > 0
    files = gather(tmp_path / "files", company.earlier, company.last_but_one)
    hand_tuned.build(files, company.seeds, built)
    assert_equal(built, added)
    hand_tuned.add_day(company.last, company.seeds, added)
    assert_equal(company.project.warehouse, added)
    assert equality.differences(company.project.warehouse, added, "raw") == dict.fromkeys(RAW, 0)


def test_the_checked_read_makes_the_rows_of_the_loader(company: Company, tmp_path: Path) -> None:
    files = gather(tmp_path / "files", company.earlier, company.last_but_one, company.last)
    database = tmp_path / "checked.duckdb"
    assert checked_read(files, database) > 0
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach '{company.project.warehouse}' as loaded (read_only)")
        for table in RAW:
            landed = f"select columns('^[^_].*') from loaded.raw.{table}"
            here, there = (
                connection.execute(f"select count(*) from (({one}) except all ({other}))").fetchone()
                for one, other in ((f"from {table}", landed), (landed, f"from {table}"))
            )
            assert here == there == (0,), table
            assert connection.execute(f"select count(*) > 5 from {table}").fetchone() == (True,)


def test_a_changed_cell_is_a_difference(tmp_path: Path) -> None:
    one, other = tmp_path / "one.duckdb", tmp_path / "other.duckdb"
    for file, number, kind in ((one, 1, "integer"), (other, 2, "bigint")):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema marts")
            connection.execute(f"create table marts.changed as select 'a' as name, {number} as amount")
            connection.execute("create table marts.same as select null as name union all select null")
            connection.execute(f"create table marts.retyped as select cast(1 as {kind}) as amount")
    assert equality.differences(one, other) == {"changed": 2, "retyped": -1, "same": 0}
    ours, theirs = equality.hashes(one), equality.hashes(other)
    assert ours["same"] == theirs["same"]
    assert ours["changed"] != theirs["changed"]


def test_the_baseline_needs_neither_every_mart_nor_every_column(tmp_path: Path) -> None:
    project, baseline = tmp_path / "project.duckdb", tmp_path / "baseline.duckdb"
    statements = {
        project: (
            "create table marts.wider as select 3 as added, 'a' as name, 1 as amount",
            "create table marts.narrower as select 'a' as name",
            "create table marts.other as select 1 as amount",
        ),
        baseline: (
            "create table marts.wider as select 1 as amount, 'a' as name",
            "create table marts.narrower as select 'a' as name, 1 as amount",
            "create table marts.gone as select 1 as amount",
        ),
    }
    for database, made in statements.items():
        with duckdb.connect(str(database)) as connection:
            connection.execute(f"create schema marts; {'; '.join(made)}")
    assert equality.differences(project, baseline) == {"gone": -1, "narrower": -1, "wider": 0}
    assert equality.tables(baseline) == ("gone", "narrower", "wider")


def gather(folder: Path, earlier: Path, *days: Path) -> Path:
    """A folder that shows the files of several, days by their own names."""
    shutil.copytree(earlier, folder)
    for day in days:
        shutil.copytree(day, folder / day.name)
    return folder


def assert_equal(one: Path, other: Path) -> None:
    """The one has all marts of the other with the same rows."""
    differences = equality.differences(one, other)
    assert not any(differences.values()), differences
