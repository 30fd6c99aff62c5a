"""Brings files into the raw tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import duckdb

from tools.benchmark.hand_tuned.lanes import in_lanes

ORDER_ITEMS, OPTIONS, DATE_DIM = "order_items", "order_item_options", "date_dim"

# By one thread, as the loader does: with several, DuckDB now and then ends a row at a line break in a name.
_FROM_FILES = """
    from read_csv(
        $paths, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', parallel = false,
        columns = {{{types}}}, filename = '_path'
    )"""
_LAND_ONE = (
    """
    insert into raw.{table}
    select {columns}, $names[1], row_number() over (), $load_ids[1]"""
    + _FROM_FILES
)
# Many files are read as one, as a statement each takes long; where a file begins tells its rows' numbers.
_READ_MANY = (
    """
    create or replace table work.{table} as
    select {columns}, _path, row_number() over () as _row_number"""
    + _FROM_FILES
)
_LAND_MANY = """
    insert into raw.{table}
    select
        landed.* exclude (_path, _row_number),
        files.name,
        landed._row_number - first_rows._row_number + 1,
        files.load_id
    from work.{table} as landed
    inner join (
        select _path, min(_row_number) as _row_number from work.{table} group by _path
    ) as first_rows using (_path)
    inner join (
        select unnest($paths) as _path, unnest($names) as name, unnest($load_ids) as load_id
    ) as files using (_path)"""
_COLUMNS = {
    ORDER_ITEMS: {
        "app_name": "varchar",
        "restaurant_id": "varchar",
        "creation_time_utc": "timestamp",
        "order_id": "varchar",
        "user_id": "varchar",
        "printed_card_number": "varchar",
        "is_loyalty": "boolean",
        "currency": "varchar",
        "lineitem_id": "varchar",
        "item_category": "varchar",
        "item_name": "varchar",
        "item_price": "decimal(18, 4)",
        "item_quantity": "bigint",
    },
    OPTIONS: {
        "order_id": "varchar",
        "lineitem_id": "varchar",
        "option_group_name": "varchar",
        "option_name": "varchar",
        "option_price": "decimal(18, 4)",
        "option_quantity": "bigint",
    },
    DATE_DIM: {
        "date_key": "varchar",
        "year": "varchar",
        "month": "varchar",
        "week": "varchar",
        "day_of_week": "varchar",
        "is_weekend": "varchar",
        "is_holiday": "boolean",
        "holiday_name": "varchar",
    },
}
_VALUES = {"printed_card_number": "null", "date_key": "strptime(date_key, '%d-%m-%Y')"}


@dataclass(frozen=True)
class File:
    """A file to land.

    Attributes:
        table: the raw table.
        name: as the ledger would have it.
        path: where it is.
        load_id: number of its load.
    """

    table: str
    name: str
    path: str
    load_id: int


def load(connection: duckdb.DuckDBPyConnection, files: Path, *, named_from: Path, first_load_id: int) -> None:
    """Lands the files of a folder in the order in which the loader does, options last.

    Args:
        connection: to the warehouse.
        files: folder of `.csv` files named by their table, which is searched with all folders below it.
        named_from: folder that their names begin below.
        first_load_id: number of the first file's load.
    """
    paths = sorted(files.rglob("*.csv"), key=lambda path: (path.stem == OPTIONS, path.as_posix()))
    numbered = [
        File(path.stem, path.relative_to(named_from).as_posix(), str(path), load_id)
        for load_id, path in enumerate(paths, first_load_id)
    ]
    items = [file for file in numbered if file.table == ORDER_ITEMS]
    others = [file for file in numbered if file.table != ORDER_ITEMS]
    in_lanes(connection, [partial(land, items), partial(land, others)])


def land(files: Sequence[File], connection: duckdb.DuckDBPyConnection) -> None:
    """Lands files of one or several tables, each in the order of its rows."""
    for table, of_table in groupby(sorted(files, key=lambda file: file.table), key=lambda file: file.table):
        land_table(table, list(of_table), connection)


def land_table(table: str, files: Sequence[File], connection: duckdb.DuckDBPyConnection) -> None:
    """Lands the files of a table."""
    columns = _COLUMNS[table]
    texts = {
        "table": table,
        "columns": ", ".join(_VALUES.get(column, column) for column in columns),
        "types": ", ".join(f"{column}: '{kind}'" for column, kind in columns.items()),
    }
    paths = {"paths": [file.path for file in files]}
    places = {"names": [file.name for file in files], "load_ids": [file.load_id for file in files]}
    if len(files) == 1:
        connection.execute(_LAND_ONE.format(**texts), paths | places)
        return
    connection.execute(_READ_MANY.format(**texts), paths)
    connection.execute(_LAND_MANY.format(**texts), paths | places)
    connection.execute(f"drop table work.{table}")
