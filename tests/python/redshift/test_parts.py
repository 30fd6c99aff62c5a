"""Parts hold every row once, in order, and are of about equal size."""

import csv
import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from sales_loader.contract import DATE_DIM, ORDER_ITEM_OPTIONS
from sales_loader.errors import RefusedFileError
from sales_loader.warehouses.redshift.parts import MIN_PART_BYTES, Parts, write_parts, write_rejected_parts

ORIGIN = (
    "_source_file varchar, _source_row_number bigint, _load_id bigint, _batch_id bigint, _loaded_at timestamp"
)


@pytest.fixture
def scratch() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute("create schema raw")
        for table in (ORDER_ITEM_OPTIONS, DATE_DIM):
            columns = ", ".join(f"{column.target} {column.kind.sql_type}" for column in table.columns)
            connection.execute(f"create table raw.{table.name} ({columns}, {ORIGIN})")
        rejected = "table_name varchar, reason varchar, raw_line varchar"
        connection.execute(f"create table raw.rejected_rows ({rejected}, {ORIGIN})")
        yield connection


def fill(scratch: duckdb.DuckDBPyConnection, count: int, name: str = "'Lettuce'") -> None:
    """Options whose ids do not compress, every tenth row missing as a rejected one is."""
    scratch.execute(
        f"""
        insert into raw.order_item_options
        select md5(i::varchar), md5((-i)::varchar), null, {name}, 1.25, 1, 'a.csv', i, 1, 1, now()::timestamp
        from range(1, {count} + 1) as numbers(i) where i % 10 != 0"""
    )


def records(parts: Parts) -> list[list[str]]:
    rows: list[list[str]] = []
    for path in parts.paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            rows += csv.reader(stream)
    return rows


@pytest.mark.parametrize("parallel", [1, 3, 4])
def test_many_rows_are_parted_evenly_and_none_is_lost(
    scratch: duckdb.DuckDBPyConnection, tmp_path: Path, parallel: int
) -> None:
    fill(scratch, 200_000)
    parts = write_parts(scratch, ORDER_ITEM_OPTIONS, tmp_path, parallel)
    sizes = [path.stat().st_size for path in parts.paths]
    assert len(sizes) == parallel
    assert min(sizes) >= MIN_PART_BYTES
    assert max(sizes) < 1.1 * min(sizes)
    numbers = [int(record[-1]) for record in records(parts)]
    assert numbers == [number for number in range(1, 200_001) if number % 10]
    assert parts.rows == len(numbers)
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in parts.paths]


def test_no_part_is_smaller_than_a_megabyte(scratch: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    fill(scratch, 150_000)
    parts = write_parts(scratch, ORDER_ITEM_OPTIONS, tmp_path, 64)
    assert len(parts.paths) > 1
    assert min(path.stat().st_size for path in parts.paths) >= MIN_PART_BYTES


def test_few_rows_are_one_part(scratch: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    fill(scratch, 5)
    parts = write_parts(scratch, ORDER_ITEM_OPTIONS, tmp_path, 4)
    assert [record[-1] for record in records(parts)] == ["1", "2", "3", "4", "5"]
    assert len(parts.paths) == 1


def test_no_rows_are_no_part(scratch: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    parts = write_parts(scratch, ORDER_ITEM_OPTIONS, tmp_path, 4)
    assert parts == Parts(ORDER_ITEM_OPTIONS.name, parts.columns, (), 0)


@pytest.mark.parametrize(
    "text", ["a, b", 'say "cheese"', "two\nlines", "two\r\nlines", "\\N", "NULL", "Crème brûlée 🍮", "a\\"]
)
def test_texts_come_back_as_they_were(scratch: duckdb.DuckDBPyConnection, tmp_path: Path, text: str) -> None:
    fill(scratch, 1, "'" + text.replace("'", "''") + "'")
    record = records(write_parts(scratch, ORDER_ITEM_OPTIONS, tmp_path, 4))[0]
    assert record[2:6] == ["", text, "1.2500", "1"]


def test_a_raw_line_is_cut_where_the_column_ends(scratch: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    lines = ["x" * 65_535, "🍮" * 16_384, "short"]
    row = "('date_dim', 'bad_date_key', ?, 'a.csv', ?, 1, 1, now()::timestamp)"
    for number, line in enumerate(lines, start=1):
        scratch.execute(f"insert into raw.rejected_rows values {row}", [line, number])
    kept = [record[2] for record in records(write_rejected_parts(scratch, tmp_path, 4))]
    assert kept == [lines[0], "🍮" * 16_383 + "…", "short"]
    assert max(len(line.encode()) for line in kept) == 65_535


def test_a_text_that_no_column_holds_refuses_the_file_and_names_the_row(
    scratch: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    row = "(date '2025-01-01', '', '', '', '', '', true, ?, 'a.csv', ?, 1, 1, now()::timestamp)"
    scratch.execute(f"insert into raw.date_dim values {row}", ["é" * 32_767, 1])
    assert write_parts(scratch, DATE_DIM, tmp_path, 4).rows == 1
    scratch.execute(f"insert into raw.date_dim values {row}", ["é" * 32_768, 2])
    with pytest.raises(RefusedFileError, match="row 2, column holiday_name: the text is longer"):
        write_parts(scratch, DATE_DIM, tmp_path, 4)
