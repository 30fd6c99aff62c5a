"""Reading sales files with DuckDB: the SQL that turns a file into checked rows, and what its errors mean.

A file is read in one strict pass by one thread: with several, DuckDB 2.0 now and then takes the inside of
a quoted cell with line breaks for rows of its own. Short records are padded with nulls and surplus cells
land in spare columns, so a record with a wrong number of fields is a row like any other and keeps its number.
So does a record of blank cells, which is no row.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sales_loader.contract import reason_sql, trimmed_sql, written_sql
from sales_loader.csv_files.file_lines import first_line, first_line_not_utf8, mixed_line_ends, place_of_row
from sales_loader.csv_files.header import Layout
from sales_loader.csv_files.inspection import MAX_LINE_BYTES, damaged, too_long_line
from sales_loader.errors import LoaderError, RefusedFileError
from sales_loader.sources.local import SourceFile
from sales_loader.warehouses.duckdb.database import explained, run_query

_HEADER_WIDTHS = (32, 512)  # many columns take long to prepare, and few files have them
SPARE_COLUMNS = 16
MOST_SPARE_COLUMNS = 512  # slow to read, and few files have rows that wide

# A null string that no cell can be: an unquoted cell never holds a line end, and quoted ones are exempt.
_READ_CSV = """read_csv(
    {path}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {columns},
    nullstr = chr(10), allow_quoted_nulls = false, null_padding = true, strict_mode = {strict},
    parallel = false, compression = '{compression}', max_line_size = {max_line}, hive_partitioning = false,
    ignore_errors = {skip_unreadable})"""
_RECORDS = """
    select *, {is_filled} as is_filled, row_number() over () - 1 as record_number
    from (
        select *, {wrong_field_count} as wrong_field_count, {cells}
        from {read_csv})"""
_CHECKED_ROWS = """(
    select *, {reason} as reason
    from (select * replace ({written}) from ({records}))
    where record_number > 0)"""
_LAST_ROWS = """
    select coalesce(max(row_number), 0), coalesce(max(row_number) filter (where is_uneven), 0)
    from (
        select row_number() over () - 1 as row_number, f{last} is null or f{width} is not null as is_uneven
        from {read_csv})"""
_LAST_CELLS = """
    select {cells} from (select *, row_number() over () as row_number from {read_csv})
    order by row_number desc limit 1"""
_STRAY_QUOTE = (
    "a quote opens that is not closed, or text follows the closing quote. "
    'Inside of quotes a quote is written twice (""). Correct the row or export the file again.'
)
_PADDED = (
    "zeros follow the gzip data, as some transfers add them. Unpack the file and pack it again, or "
    "deliver it unpacked."
)
_FIRST_NUL = """
    select min(record_number)
    from (select row_number() over () - 1 as record_number, concat({cells}) as text from {read_csv})
    where contains(text, chr(0))"""


class SurplusRecordsError(RefusedFileError):
    """A record has more surplus cells than there are spare columns; with more of them it may be readable.

    Args:
        place: which record it is, for the message.
    """

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place} has over {MOST_SPARE_COLUMNS} cells more than the header. Look for a missing line end, "
            "correct the row and export the file again."
        )


def header_cells(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> list[str] | None:
    """Cells of the first line that is not empty; None when there is none. Reads a bounded part of the file.

    Raises:
        RefusedFileError: the beginning of the file cannot be read as UTF-8 text.
    """
    for width in _HEADER_WIDTHS:
        read_csv = _read_csv(file, width, strict=False)
        with reading(file):
            row = run_query(connection, f"from {read_csv} limit 1").fetchone()
        if row is None or row[-1] is None:
            return None if row is None else [cell for cell in row if cell is not None]
    raise RefusedFileError(f"the first line has {width} columns or more; it is no header of a sales file.")


def first_row_with_nul(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, width: int, spare: int = SPARE_COLUMNS
) -> int | None:
    """Number of the first row of a file that holds a NUL byte; 0 is the header, None means none does.

    Args:
        connection: any DuckDB connection.
        file: the file to read.
        width: number of columns of the file.
        spare: number of columns for surplus cells; the most there can be are tried if they are too few.
    """
    # Strictly, as the other mode ignores surplus cells for which no column is left.
    query = _FIRST_NUL.format(
        cells=_cells(width + spare), read_csv=_read_csv(file, width + spare, strict=True)
    )
    try:
        with reading(file):
            row = run_query(connection, query).fetchone()
    except SurplusRecordsError:
        if spare == MOST_SPARE_COLUMNS:
            raise
        return first_row_with_nul(connection, file, width, MOST_SPARE_COLUMNS)
    return row[0] if row else None


def last_rows(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, layout: Layout, spare: int
) -> tuple[int, int]:
    """Number of the last record of a file, and of the last one with fewer or more cells than the header."""
    read_csv = _read_csv(file, layout.width + spare, strict=False)
    query = _LAST_ROWS.format(last=layout.width - 1, width=layout.width, read_csv=read_csv)
    with reading(file):
        last, last_uneven = run_query(connection, query).fetchone() or (0, 0)
    return last, last_uneven


def count_blank_rows(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, layout: Layout, spare: int
) -> int:
    """Number of a file's records in which every cell is blank."""
    rows = checked_rows_sql(file, layout, spare)
    with reading(file):
        row = run_query(connection, f"select count(*) from {rows} where not is_filled").fetchone() or (0,)
    return int(row[0])


def refuse_open_quote(
    connection: duckdb.DuckDBPyConnection, file: SourceFile, layout: Layout, spare: int, row: int
) -> None:
    """Look for a quote that is still open at the end of a file; everything behind it is one cell.

    DuckDB says nothing of it when one thread reads. Its strict way drops the cell, the other one keeps it.

    Args:
        connection: any DuckDB connection.
        file: the file to read.
        layout: where the file's columns are.
        spare: number of columns for surplus cells.
        row: number of the last row.

    Raises:
        RefusedFileError: there is one.
    """
    width = layout.width + spare
    last: list[tuple[str | None, ...] | None] = []
    for strict in (True, False):
        read_csv = _read_csv(file, width, strict=strict, skip_unreadable=strict)
        with reading(file):
            query = _LAST_CELLS.format(cells=_cells(width), read_csv=read_csv)
            last.append(run_query(connection, query).fetchone())
    dropped, kept = last
    fills_spare_columns = kept is not None and kept[-1] is not None  # then the strict way drops the whole row
    if dropped != kept and not fills_spare_columns:
        raise RefusedFileError(f"{place_of_row(file, row)}: {_STRAY_QUOTE}")


def checked_rows_sql(file: SourceFile, layout: Layout, spare: int) -> str:
    """SQL of a relation with one row per record of a file, in the file's order.

    Its columns: ``record_number`` from 1, every column of the contract as trimmed text (null when blank),
    ``reason`` to reject the row (null for a good one), ``is_filled`` which is false for a record of blank
    cells, which is no row, and what ``raw_line.sql`` needs.

    Args:
        file: the file to read.
        layout: where the file's columns are.
        spare: number of columns for surplus cells.
    """
    cells = {name: f"f{place}" for name, place in layout.positions.items()}
    records = _RECORDS.format(
        is_filled=_is_filled_sql(layout, spare),
        wrong_field_count=_wrong_field_count_sql(layout),
        cells=", ".join(f"{trimmed_sql(cell)} as {name}" for name, cell in cells.items()),
        read_csv=_read_csv(file, layout.width + spare, strict=True),
    )
    return _CHECKED_ROWS.format(
        reason=reason_sql(layout.table, {name: name for name in cells}, "wrong_field_count"),
        written=", ".join(f"{written_sql(column)} as {column.name}" for column in layout.table.columns),
        records=records,
    )


def _is_filled_sql(layout: Layout, spare: int) -> str:
    others = (*layout.extra_positions, *range(layout.width, layout.width + spare))
    together = f"concat({', '.join(f'f{place}' for place in others)})"
    return f"coalesce({', '.join([*layout.positions, trimmed_sql(together)])}) is not null"


def _read_csv(file: SourceFile, width: int, *, strict: bool, skip_unreadable: bool = False) -> str:
    path = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file.path)).replace("'", "''")
    return _READ_CSV.format(
        path=f"'{path}'",
        columns="{" + ", ".join(f"f{place}: 'VARCHAR'" for place in range(width)) + "}",
        strict=strict,
        skip_unreadable=skip_unreadable,
        compression=file.compression,
        max_line=MAX_LINE_BYTES,
    )


def _cells(width: int) -> str:
    return ", ".join(f"f{place}" for place in range(width))


def _wrong_field_count_sql(layout: Layout) -> str:
    missing = [f"f{layout.positions[name]} is null" for name in layout.table.needed]
    # Columns that no expression names are not read, and bad bytes in them would go unseen.
    read = [f"strlen(f{place}) < 0" for place in layout.extra_positions]
    return " or ".join([f"f{layout.width} is not null", *missing, *read])


@contextmanager
def reading(file: SourceFile) -> Iterator[None]:
    """Turn DuckDB's errors into refusals; its own text is not passed on, as it quotes the file.

    Raises:
        RefusedFileError: DuckDB could not read the file.
        SurplusRecordsError: a record has more surplus cells than there are spare columns.
        LoaderError: something else went wrong, such as a full disk.
    """
    try:
        yield
    except duckdb.Error as error:
        raise _refusal(error, file) from None


def _refusal(error: duckdb.Error, file: SourceFile) -> Exception:
    text = str(error)
    if isinstance(error, duckdb.InvalidInputException) or "CSV Error" in text:
        return _not_readable(text, file)
    if isinstance(error, duckdb.IOException) and file.compression == "gzip":
        return RefusedFileError(_PADDED)  # it was read to its end once, by what passes over them
    if isinstance(error, duckdb.IOException) and (str(file.path) in text or "frame" in text.lower()):
        return damaged(file.compression)
    return LoaderError(explained(error))


def _not_readable(text: str, file: SourceFile) -> Exception:
    if "Expected Number of Columns" in text:
        return SurplusRecordsError(_place_of_wide_row(text, file))
    if "Maximum line size" in text:
        return too_long_line(_place(text, first_line(file, lambda record: record.size > MAX_LINE_BYTES)))
    if "Invalid unicode" in text:
        place = _place(text, first_line_not_utf8(file))
        return RefusedFileError(f"{place}: the text is not UTF-8. Save the file as UTF-8.")
    if "unterminated quote" in text:
        place = _place(text, first_line(file, lambda record: record.is_broken, strict=True))
        return RefusedFileError(f"{place}: {_STRAY_QUOTE}")
    if "invalid state" in text:
        where = mixed_line_ends(file) or "CRLF, LF or CR, or the file is no text"
        return RefusedFileError(f"line ends are mixed: {where}. Save it with one kind of line end.")
    return RefusedFileError("the file cannot be read as comma-separated text. Export it again as CSV.")


def _place(text: str, line: int | None) -> str:
    """The line, or about where DuckDB saw the fault: it leaves out empty lines."""
    seen = re.search(r"CSV Error on Line: (\d+)", text)
    return f"line {line}" if line else f"about line {seen[1]}" if seen else "a row"


def _place_of_wide_row(text: str, file: SourceFile) -> str:
    expected = re.search(r"Expected Number of Columns: (\d+)", text)
    if not expected or int(expected[1]) < MOST_SPARE_COLUMNS:
        return "a row"  # not shown to anybody, as the file is read again with more columns
    return _place(text, first_line(file, lambda record: record.cells > int(expected[1])))
