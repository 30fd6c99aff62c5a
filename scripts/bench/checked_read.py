"""From files to native tables with all of the loader's checks, and nothing else that makes a loader."""

import time
from pathlib import Path

import duckdb
from sales_loader import csv_reader, header
from sales_loader.contract import CARD, Column
from sales_loader.files import SourceFile, find_local
from sales_loader.header import Layout

from bench.ceiling.building import THREADS


def checked_read(files: Path, database: Path) -> float:
    """Insert the good rows of all files of a folder, each by one statement, one file after the other.

    Left out: checksums and the ledger, origins of rows, rejected rows, hashes of card numbers, the pass that
    counts the rows of a file.

    Args:
        files: folder of clean sales files.
        database: DuckDB file to make; an older one is replaced.

    Returns:
        Seconds.
    """
    for file in (database, Path(f"{database}.wal")):
        file.unlink(missing_ok=True)
    with duckdb.connect(str(database), config={"threads": THREADS}) as connection:
        started = time.perf_counter()
        for _, source in find_local(str(files)):
            if source is not None:
                _insert(connection, source)
        connection.execute("checkpoint")
        return time.perf_counter() - started


def _insert(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> None:
    layout = header.recognise(csv_reader.header_cells(connection, file) or ())
    columns = layout.table.columns
    types = ", ".join(f"{column.target} {column.kind.sql_type}" for column in columns)
    connection.execute(f"create table if not exists {layout.table.name} ({types})")
    connection.execute(_insert_sql(file, layout))


def _insert_sql(file: SourceFile, layout: Layout) -> str:
    values = ", ".join(_value_sql(column) for column in layout.table.columns)
    rows = csv_reader.checked_rows_sql(file, layout, strict=True)
    return f"insert into {layout.table.name} select {values} from {rows} where reason is null"


def _value_sql(column: Column) -> str:
    return "null" if column.kind is CARD else column.kind.value.format(column.name)
