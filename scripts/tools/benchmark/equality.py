"""Whether a warehouse holds the rows of a smaller one."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

# Not the same in two loads of the same files.
BOOKKEEPING = ("_batch_id", "_loaded_at")
_TABLES = """
    select table_name, column_name, data_type
    from duckdb_columns()
    where database_name = ? and schema_name = ? and column_name not in (select unnest(?))
    order by table_name, column_index"""
_DIFFERENCES = """
    with one as (select {columns} from one.{table}), other as (select {columns} from other.{table})
    select
        (select count(*) from (from one except all from other))
        + (select count(*) from (from other except all from one))"""
# Text of a row, so that the hash depends on no engine's way to store it.
_HASH = """
    select printf('%016x', cast(coalesce(sum(hash(row::varchar)), 0) % 18446744073709551616 as ubigint))
    from (select row({columns}) as row from {table})"""

# Types by name of the column.
Columns = dict[str, str]


def differences(one: Path, other: Path, schema: str = "marts") -> dict[str, int]:
    """Compares a schema of two DuckDB files, each row as often as it is there.

    Args:
        one: a database file.
        other: another one, which may have fewer tables and in them fewer columns; the rest is not compared.
        schema: whose tables are compared, without the columns of `BOOKKEEPING`.

    Returns:
        By table of the other one the number of rows that only one of them has; -1 where the one has no such
        table, or lacks a column of it or has another type.
    """
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for alias, file in (("one", one), ("other", other)):
            _attach(connection, alias, file)
        ours, theirs = (_tables(connection, alias, schema) for alias in ("one", "other"))
        return {
            table: _difference(connection, f"{schema}.{table}", ours.get(table, {}), columns)
            for table, columns in theirs.items()
        }


def tables(database: Path, schema: str = "marts") -> tuple[str, ...]:
    """Names of the tables of a schema of a DuckDB file."""
    with duckdb.connect() as connection:
        _attach(connection, "one", database)
        return tuple(_tables(connection, "one", schema))


def hashes(database: Path, schema: str = "marts") -> dict[str, str]:
    """A hash of every table of a schema, the same for the same rows in any order.

    Args:
        database: a database file.
        schema: whose tables are hashed, without the columns of `BOOKKEEPING`.

    Returns:
        By table 16 hexadecimal digits.
    """
    with duckdb.connect() as connection:
        _attach(connection, "one", database)
        return {
            table: _hash(connection, f"one.{schema}.{table}", ", ".join(columns))
            for table, columns in _tables(connection, "one", schema).items()
        }


def _attach(connection: duckdb.DuckDBPyConnection, alias: str, file: Path) -> None:
    path = str(file).replace("'", "''")
    connection.execute(f"attach '{path}' as {alias} (read_only)")


def _tables(connection: duckdb.DuckDBPyConnection, alias: str, schema: str) -> dict[str, Columns]:
    rows: Sequence[tuple[str, str, str]]
    rows = connection.execute(_TABLES, [alias, schema, list(BOOKKEEPING)]).fetchall()
    found: dict[str, Columns] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _difference(connection: duckdb.DuckDBPyConnection, table: str, ours: Columns, theirs: Columns) -> int:
    if not theirs.items() <= ours.items():
        return -1
    columns = ", ".join(theirs)
    # Comparing cells of many millions of rows takes more room than the tables do.
    if _hash(connection, f"one.{table}", columns) == _hash(connection, f"other.{table}", columns):
        return 0
    return int(str(_value(connection, _DIFFERENCES.format(table=table, columns=columns))))


def _hash(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> str:
    return str(_value(connection, _HASH.format(table=table, columns=columns)))


def _value(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row: tuple[object, ...] = connection.execute(query).fetchone() or (None,)
    return row[0]
