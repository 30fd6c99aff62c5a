"""The marts of a DuckDB warehouse as files: one DuckDB file, or a Parquet file each."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from sales_export.descriptions import Descriptions, read_descriptions
from sales_export.swapping import replace_file, replace_folder, scratch_in
from sales_loader.errors import LoaderError
from sales_loader.warehouses.duckdb.database import explained
from sales_loader.warehouses.target import WarehouseTarget

FORMATS = ("duckdb", "parquet")
DUCKDB_FILE = "sales_marts.duckdb"
PARQUET_FOLDER = "parquet"

# Programs bring a DuckDB of their own, often older than ours; each reads the format of 1.0.
_ATTACH = "attach '{file}' as export (read_write, storage_version 'v1.0.0')"
_MARTS = """
    select table_name from duckdb_tables()
    where database_name = current_database() and schema_name = 'marts' order by table_name"""


def write_files(
    warehouse_target: WarehouseTarget, folder: Path, file_format: str, dbt_results: Path
) -> tuple[str, dict[str, int]]:
    """Write the marts into a folder, in place of what was exported there before.

    Args:
        warehouse_target: a DuckDB warehouse.
        folder: made if missing.
        file_format: one of ``FORMATS``.
        dbt_results: folder with the manifest that has the descriptions.

    Returns:
        The file or folder, and the number of rows by mart.

    Raises:
        LoaderError: the marts are not built, or the folder cannot be written.
    """
    # The warehouse first: it can be a while until it is free.
    with closing(warehouse_target.connect(read_only=True)) as connection, scratch_in(folder) as scratch:
        marts = [name for (name,) in connection.execute(_MARTS).fetchall()]
        if not marts:
            raise LoaderError(
                f"{warehouse_target}: the marts are not built yet. Run `make build`, or `sales-loader build`."
            )
        try:
            if file_format == "parquet":
                rows = dict(_write_parquet(connection, marts, scratch / PARQUET_FOLDER))
            else:
                descriptions = read_descriptions(dbt_results)
                rows = dict(_write_duckdb(connection, marts, scratch / DUCKDB_FILE, descriptions))
        except duckdb.Error as error:
            raise LoaderError(
                f"The export to {folder} failed, and the old one is kept: {explained(error, 'the new one')}"
            ) from None
        if file_format == "parquet":
            replace_folder(scratch / PARQUET_FOLDER, folder / PARQUET_FOLDER)
            return str(folder / PARQUET_FOLDER), rows
        replace_file(scratch / DUCKDB_FILE, folder / DUCKDB_FILE)
        return str(folder / DUCKDB_FILE), rows


def _write_duckdb(
    connection: duckdb.DuckDBPyConnection, marts: list[str], file: Path, descriptions: Descriptions
) -> Iterator[tuple[str, int]]:
    """Yields each mart and the number of its rows."""
    connection.execute(_ATTACH.format(file=_quoted(file)))
    connection.execute("create schema export.marts")
    for mart in marts:
        table = f"export.marts.{mart}"
        [(rows,)] = connection.execute(f"create table {table} as from marts.{mart}").fetchall()
        yield mart, rows
        columns = [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
        for column in (None, *columns):
            if text := descriptions.get(mart, {}).get(column):
                subject = f'column {table}."{column}"' if column else f"table {table}"
                connection.execute(f"comment on {subject} is '{_quoted(text)}'")
    connection.execute("detach export")


def _write_parquet(
    connection: duckdb.DuckDBPyConnection, marts: list[str], folder: Path
) -> Iterator[tuple[str, int]]:
    """Yields each mart and the number of its rows."""
    folder.mkdir()
    for mart in marts:
        file = _quoted(folder / f"{mart}.parquet")
        copied = connection.execute(f"copy marts.{mart} to '{file}' (format parquet, compression zstd)")
        [(rows,)] = copied.fetchall()
        yield mart, rows


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
