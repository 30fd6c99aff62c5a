"""The marts as files: what is in them, who can read them, and how they are replaced."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sales_export.descriptions import read_descriptions

from .conftest import Company
from .reading import reading

ORDERS = [
    ["it's", "-0.07", "0.333333", "2024-02-29", "2024-02-29 23:59:59.500000", True, 9007199254740993],
    ["größer", "1234567890123456.78", None, "1999-12-31", None, None, None],
]
TYPES = ["VARCHAR", "DECIMAL(18,2)", "DECIMAL(18,6)", "DATE", "TIMESTAMP", "BOOLEAN", "BIGINT"]
# An export that is killed when all is written and nothing replaced yet.
KILLED = """
import os, sys
from sales_export import duckdb_files
from sales_pipeline.cli import main
for name in ("replace_file", "replace_folder"):
    setattr(duckdb_files, name, lambda *_: os.kill(os.getpid(), 9))
main(sys.argv[1:])
"""


def rows(source: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"from {source}").fetchall()


@pytest.mark.parametrize("version", ["1.1", "1.3", "1.4"])
def test_an_older_duckdb_reads_every_value_type_and_comment(company: Company, version: str) -> None:
    company.export()
    with reading(company.to / "sales_marts.duckdb", version) as reader:
        assert reader.version.startswith(f"{version}.")
        assert reader.rows("from marts.fct_orders") == ORDERS
        assert [kind for _, kind, *_ in reader.rows("describe marts.fct_orders")] == TYPES
        assert reader.rows("select table_name, comment from duckdb_tables() order by all") == [
            ["dim_dates", "What dim_dates is."],
            ["fct_orders", "What fct_orders is."],
        ]
        comments = "select column_name, comment from duckdb_columns() where comment is not null"
        assert reader.rows(comments) == [["order_id", "The order's id."]]


def test_marts_are_exported_and_nothing_else(company: Company) -> None:
    company.export()
    with reading(company.to / "sales_marts.duckdb", "1.4") as reader:
        names = reader.rows("select schema_name, table_name from duckdb_tables() order by all")
    assert names == [["marts", "dim_dates"], ["marts", "fct_orders"]]
    assert b"secret" not in (company.to / "sales_marts.duckdb").read_bytes()


def test_a_project_that_was_not_built_here_has_no_descriptions(company: Company) -> None:
    (company.folder / "target" / "manifest.json").unlink()
    company.export()
    with reading(company.to / "sales_marts.duckdb", "1.4") as reader:
        assert reader.rows("select count(comment) from duckdb_tables()") == [[0]]


def test_parquet_files_hold_the_same(company: Company) -> None:
    company.export("--format", "parquet")
    assert sorted(path.name for path in (company.to / "parquet").iterdir()) == [
        "dim_dates.parquet",
        "fct_orders.parquet",
    ]
    file = f"'{company.to}/parquet/fct_orders.parquet'"
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        assert rows(file) == connection.execute("from marts.fct_orders").fetchall()
    assert [kind for _, kind, *_ in rows(f"(describe from {file})")] == TYPES


def test_a_reader_keeps_the_file_that_it_has_open(company: Company) -> None:
    company.export()
    file = company.to / "sales_marts.duckdb"
    with reading(file, "1.4") as before:
        company.add_order("o3")
        company.export()
        with reading(file, "1.4") as after:
            counts = [one.rows("select count(*) from marts.fct_orders") for one in (before, after)]
    assert counts == [[[2]], [[3]]]


def test_the_log_of_somebody_who_wrote_to_the_old_file_is_not_read_with_the_new_one(company: Company) -> None:
    company.export()
    file = company.to / "sales_marts.duckdb"
    log = file.with_name("sales_marts.duckdb.wal")
    log.write_bytes(b"of another file")
    company.export()
    assert not log.exists()


def test_a_folder_is_replaced_at_once_and_the_one_before_is_kept(company: Company) -> None:
    link = company.to / "parquet"
    seen = []
    for order_id in ("o3", "o4", "o5"):
        company.add_order(order_id)
        company.export("--format", "parquet")
        seen.append(link.resolve())
    assert link.is_symlink()
    assert [path.exists() for path in seen] == [False, True, True]
    counts = [len(rows(f"'{path}/fct_orders.parquet'")) for path in seen[1:]]
    assert counts == [4, 5]
    left = {path.name for path in company.to.iterdir()}
    assert left == {"parquet", ".lock", *(path.name for path in seen[1:])}
    # A version that a killed export has written and not linked is not the one before.
    (company.to / ".parquet-29990101T000000.000000").mkdir()
    company.export("--format", "parquet")
    assert [path.exists() for path in seen] == [False, False, True]
    assert not (company.to / ".parquet-29990101T000000.000000").exists()


def test_a_folder_that_no_export_made_is_left_alone(company: Company) -> None:
    (company.to / "parquet" / "mine").mkdir(parents=True)
    refused = company.run("--format", "parquet")
    assert (refused.exit_code, "is a folder that no export has made" in refused.output) == (1, True)
    assert (company.to / "parquet" / "mine").exists()


def test_descriptions_that_dbt_had_no_time_to_write_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"nodes": {"model.', encoding="utf-8")
    assert read_descriptions(tmp_path) == {}


@pytest.mark.parametrize("file_format", ["duckdb", "parquet"])
def test_a_killed_export_leaves_the_old_files_and_the_next_one_cleans_up(
    company: Company, file_format: str
) -> None:
    company.export("--format", file_format)
    company.add_order("o3")
    options = ["--database", str(company.warehouse), "--to", str(company.to), "--format", file_format]
    killed = subprocess.run([sys.executable, "-c", KILLED, "export", *options], check=False)
    assert killed.returncode == -9
    assert (company.to / ".unfinished").exists()
    assert exported_orders(company, file_format) == 2
    company.export("--format", file_format)
    assert exported_orders(company, file_format) == 3
    assert not (company.to / ".unfinished").exists()


def exported_orders(company: Company, file_format: str) -> int:
    """How many orders another program finds."""
    if file_format == "parquet":
        return len(rows(f"'{company.to}/parquet/fct_orders.parquet'"))
    with reading(company.to / "sales_marts.duckdb", "1.4") as reader:
        return int(reader.rows("select count(*) from marts.fct_orders")[0][0])


def test_a_second_export_to_the_same_folder_is_refused(company: Company) -> None:
    company.to.mkdir()
    other = os.open(company.to / ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)
    result = company.run()
    os.close(other)
    assert (result.exit_code, "Another export is writing to" in result.output) == (1, True)
    company.export()


def test_what_cannot_be_exported_is_refused_in_words(company: Company, tmp_path: Path) -> None:
    on_s3 = company.run("--to", "s3://bucket/exports")
    assert (on_s3.exit_code, "is exported to a folder" in on_s3.output) == (2, True)
    to_redshift = company.run("--target", "redshift")
    assert (to_redshift.exit_code, "Name a prefix, s3://" in to_redshift.output) == (2, True)
    file = tmp_path / "file"
    file.touch()
    no_folder = company.run("--to", str(file))
    assert (no_folder.exit_code, "cannot be written: File exists" in no_folder.output) == (1, True)


def test_a_warehouse_without_marts_leaves_the_old_export(company: Company) -> None:
    company.export()
    company.execute("drop schema marts cascade")
    result = company.run()
    assert (result.exit_code, "the marts are not built yet" in result.output) == (1, True)
    assert exported_orders(company, "duckdb") == 2
