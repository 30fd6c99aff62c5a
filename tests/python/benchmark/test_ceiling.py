"""The ceiling makes what the project makes, or it would be no measure of it."""

from pathlib import Path

import duckdb
import pytest
from bench import ceiling, equality

from .conftest import Company

RAW = ("order_items", "order_item_options", "date_dim")


@pytest.fixture(scope="module")
def yesterday(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ceiling's warehouse of all files but the last day's."""
    database = tmp_path_factory.mktemp("ceiling") / "ceiling.duckdb"
    ceiling.build(company.until_yesterday, company.seeds, database)
    return database


@pytest.fixture(scope="module")
def all_files(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of all days in one folder."""
    folder = tmp_path_factory.mktemp("files")
    for source in (company.until_yesterday, company.last_day.parent):
        for file in source.rglob("*.csv"):
            place = folder / file.relative_to(source)
            place.parent.mkdir(exist_ok=True)
            place.symlink_to(file)
    return folder


def test_full_build_equals_the_project(company: Company, all_files: Path, tmp_path: Path) -> None:
    database = tmp_path / "ceiling.duckdb"
    stages = ceiling.build(all_files, company.seeds, database)
    differences = equality.differences(database, company.project.warehouse)
    assert len(differences) == 27
    assert not any(differences.values()), differences
    assert equality.hashes(database) == equality.hashes(company.project.warehouse)
    assert stages.total == stages.raw + stages.facts + stages.marts > 0


def test_raw_tables_equal_the_loader(company: Company, yesterday: Path, tmp_path: Path) -> None:
    database = tmp_path / "loaded.duckdb"
    done = company.project.run(
        "sales-loader", "load", str(company.until_yesterday), "--database", str(database)
    )
    assert done.returncode == 0, done.stderr
    differences = equality.differences(yesterday, database, "raw")
    assert {table: differences[table] for table in RAW} == dict.fromkeys(RAW, 0)


def test_a_changed_cell_is_a_difference(tmp_path: Path) -> None:
    one, other = tmp_path / "one.duckdb", tmp_path / "other.duckdb"
    for file, value in ((one, 1), (other, 2)):
        with duckdb.connect(str(file)) as connection:
            connection.execute("create schema marts")
            connection.execute(f"create table marts.changed as select 'a' as key, {value} as value")
            connection.execute("create table marts.same as select null as key union all select null")
            connection.execute(
                f"create table marts.retyped as select {value}::{['int', 'bigint'][value - 1]} as a"
            )
    with duckdb.connect(str(one)) as connection:
        connection.execute("create table marts.only_here as select 1 as a")
    assert equality.differences(one, other) == {"changed": 2, "only_here": -1, "retyped": -1, "same": 0}
    ours, theirs = equality.hashes(one), equality.hashes(other)
    assert ours["same"] == theirs["same"]
    assert ours["changed"] != theirs["changed"]
