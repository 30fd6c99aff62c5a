"""From files to native tables with all of the loader's checks, and nothing else that makes a loader."""

from pathlib import Path

import duckdb

from sales_loader.csv_files import csv_reader, header
from sales_loader.sources.local import SourceFile, find_local
from tools.benchmark.databases import remove
from tools.benchmark.hand_tuned.building import THREADS, Clock


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
    remove(database)
    with duckdb.connect(str(database), config={"threads": THREADS}) as connection:
        clock = Clock()
        for file in find_local(str(files)):
            if isinstance(file, SourceFile):
                _insert(connection, file)
        connection.execute("checkpoint")
        return clock.lap()


def _insert(connection: duckdb.DuckDBPyConnection, file: SourceFile) -> None:
    layout = header.recognise(csv_reader.header_cells(connection, file) or ())
    table = layout.table
    values = ", ".join(column.kind.value.format(column.name) for column in table.columns)
    rows = csv_reader.checked_rows_sql(file, layout, csv_reader.SPARE_COLUMNS)
    connection.execute(f"create table if not exists {table.name} ({table.typed_columns})")
    connection.execute(f"insert into {table.name} select {values} from {rows} where reason is null")
