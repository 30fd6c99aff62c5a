"""Checked rows as gzip CSV files of about equal size, the way COPY loads fastest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from sales_loader.contract import TEXT, Table
from sales_loader.errors import RefusedFileError
from sales_loader.warehouses.duckdb.database import run_query
from sales_loader.warehouses.redshift.schema import LONGEST_TEXT, REJECTED_COLUMNS

MIN_PART_BYTES = 1 << 20
_SAMPLE_ROWS = 50_000  # enough to tell how well rows compress; most daily files are smaller
_MARGIN = 1.2  # so that a part is no smaller than it should be when the sample compresses worse than the rest
ROW_NUMBER = "_source_row_number"

# Null is an empty field, and no text is empty: it was trimmed, and what was left empty is null.
_EXPORT = """
    copy (select {columns} from raw.{table} where {row_number} > {after} and {row_number} <= {last})
    to '{path}' (format csv, header false, compression gzip, nullstr '')"""
_ROWS = "select count(*), coalesce(max({row_number}), 0) from raw.{table}"
_NTH_ROW = "select {row_number} from raw.{table} order by {row_number} limit 1 offset {offset}"
_TOO_LONG = "select {row_number} from raw.{table} where strlen({column}) > {limit} order by 1 limit 1"

# A line of a file may be longer than a column can hold; the whole row is in the file.
_CUT_RAW_LINE = (
    f"case when strlen(raw_line) > {LONGEST_TEXT} then left(raw_line, {LONGEST_TEXT // 4}) || '…' "
    "else raw_line end"
)


@dataclass(frozen=True)
class Parts:
    """Rows of one raw table, as files.

    Attributes:
        table: name of the raw table.
        columns: names of the fields, in order; the last is the row number in the source file.
        paths: the files, none when there are no rows; rows are in the order of the source file.
        rows: number of rows in all of them.
    """

    table: str
    columns: tuple[str, ...]
    paths: tuple[Path, ...]
    rows: int


def write_parts(
    scratch: duckdb.DuckDBPyConnection,
    table: Table,
    folder: Path,
    parallel: int,
    place_of: Callable[[int], str] = "row {}".format,
) -> Parts:
    """Write the landed rows of a table.

    Args:
        scratch: a warehouse that holds nothing but the rows of one file.
        table: the raw table they are in.
        folder: where to write to.
        parallel: largest number of parts; none is smaller than ``MIN_PART_BYTES`` unless it is the only one.
        place_of: gives a row's place in the file, for messages.

    Raises:
        RefusedFileError: a text is longer than a column on Redshift can be.
    """
    for column in table.columns:
        if column.kind is TEXT and column.max_bytes is None:
            _refuse_too_long(scratch, table, column.target, place_of)
    names = tuple(column.target for column in table.columns)
    return _write(scratch, table.name, {name: name for name in names}, folder, parallel)


def write_rejected_parts(scratch: duckdb.DuckDBPyConnection, folder: Path, parallel: int) -> Parts:
    """Write the rejected rows, as ``write_parts`` does; a line over 65,535 bytes is cut and ends in ``…``."""
    columns = {name: name for name in REJECTED_COLUMNS} | {"raw_line": _CUT_RAW_LINE}
    return _write(scratch, "rejected_rows", columns, folder, parallel)


def _write(
    scratch: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], folder: Path, parallel: int
) -> Parts:
    selected = ", ".join([*columns.values(), ROW_NUMBER])
    rows, last = _numbers(scratch, _ROWS.format(table=table, row_number=ROW_NUMBER))
    bounds = _bounds(scratch, table, selected, folder, rows, last, parallel) if rows else [0]
    paths = []
    for number, (after, until) in enumerate(pairwise(bounds), start=1):
        paths.append(folder / f"{table}-{number:04}.csv.gz")
        _export(scratch, table, selected, after, until, paths[-1])
    return Parts(table, (*columns, ROW_NUMBER), tuple(paths), rows)


def _bounds(
    scratch: duckdb.DuckDBPyConnection,
    table: str,
    selected: str,
    folder: Path,
    rows: int,
    last: int,
    parallel: int,
) -> list[int]:
    """Row numbers that the parts lie between: one more than there are parts."""
    sample = folder / f"{table}-sample.csv.gz"
    sampled = min(rows, _SAMPLE_ROWS)
    sample_end = last if sampled == rows else _row_at(scratch, table, sampled)
    _export(scratch, table, selected, 0, sample_end, sample)
    expected_bytes = sample.stat().st_size * rows / sampled
    sample.unlink()
    count = max(1, min(parallel, int(expected_bytes / (MIN_PART_BYTES * _MARGIN))))
    return [0, *(_row_at(scratch, table, rows * part // count) for part in range(1, count)), last]


def _row_at(scratch: duckdb.DuckDBPyConnection, table: str, count: int) -> int:
    """Row number of the last of so many rows."""
    query = _NTH_ROW.format(table=table, row_number=ROW_NUMBER, offset=count - 1)
    return _numbers(scratch, query)[0]


def _export(
    scratch: duckdb.DuckDBPyConnection, table: str, selected: str, after: int, last: int, path: Path
) -> None:
    quoted = str(path).replace("'", "''")
    query = _EXPORT.format(
        columns=selected, table=table, row_number=ROW_NUMBER, after=after, last=last, path=quoted
    )
    run_query(scratch, query)


def _refuse_too_long(
    scratch: duckdb.DuckDBPyConnection, table: Table, column: str, place_of: Callable[[int], str]
) -> None:
    query = _TOO_LONG.format(table=table.name, column=column, row_number=ROW_NUMBER, limit=LONGEST_TEXT)
    row = run_query(scratch, query).fetchone()
    if row is not None:
        raise RefusedFileError(
            f"{place_of(row[0])}, column {column}: the text is longer than {LONGEST_TEXT:,} bytes, the most "
            "that a column on Redshift holds. Correct the row or export the file again."
        )


def _numbers(scratch: duckdb.DuckDBPyConnection, query: str) -> Sequence[int]:
    return run_query(scratch, query).fetchone() or (0, 0)
