"""Whether two warehouses hold the same rows."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

# Not the same in two loads of the same files.
BOOKKEEPING = ("_batch_id", "_loaded_at")
_TABLES = """
    select
        table_name,
        string_agg(column_name, ', ' order by column_index),
        string_agg(data_type, ', ' order by column_index)
    from duckdb_columns()
    where database_name = ? and schema_name = ? and column_name not in (select unnest(?))
    group by table_name
    order by table_name"""
_DIFFERENCES = """
    with one as (select {columns} from one.{table}), other as (select {columns} from other.{table})
    select
        (select count(*) from (from one except all from other))
        + (select count(*) from (from other except all from one))"""
# Text of a row, so that the hash depends on no engine's way to store it.
_HASH = """
    select printf('%016x', cast(coalesce(sum(hash(row::varchar)), 0) % 18446744073709551616 as ubigint))
    from (select row({columns}) as row from {table})"""

Columns = tuple[str, str]


def differences(one: Path, other: Path, schema: str = "marts") -> dict[str, int]:
    """Compares every table of a schema of two DuckDB files, each row as often as it is there.

    Args:
        one: a database file.
        other: another one.
        schema: whose tables are compared, without the columns of `BOOKKEEPING`.

    Returns:
        By table the number of rows that only one of them has; -1 where one has no such table, or another
        column or type in it.
    """
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for alias, file in (("one", one), ("other", other)):
            path = str(file).replace("'", "''")
            connection.execute(f"attach '{path}' as {alias} (read_only)")
        ours, theirs = (_tables(connection, alias, schema) for alias in ("one", "other"))
        return {
            table: _difference(connection, f"{schema}.{table}", ours.get(table), theirs.get(table))
            for table in sorted({*ours, *theirs})
        }


def hashes(database: Path, schema: str = "marts") -> dict[str, str]:
    """A hash of every table of a schema, the same for the same rows in any order.

    Args:
        database: a database file.
        schema: whose tables are hashed, without the columns of `BOOKKEEPING`.

    Returns:
        By table 16 hexadecimal digits.
    """
    with duckdb.connect() as connection:
        path = str(database).replace("'", "''")
        connection.execute(f"attach '{path}' as one (read_only)")
        tables = _tables(connection, "one", schema)
        return {
            table: _hash(connection, f"one.{schema}.{table}", columns)
            for table, (columns, _) in tables.items()
        }


def _tables(connection: duckdb.DuckDBPyConnection, alias: str, schema: str) -> dict[str, Columns]:
    rows: Sequence[tuple[str, str, str]]
    rows = connection.execute(_TABLES, [alias, schema, list(BOOKKEEPING)]).fetchall()
    return {table: (columns, types) for table, columns, types in rows}


def _difference(
    connection: duckdb.DuckDBPyConnection, table: str, ours: Columns | None, theirs: Columns | None
) -> int:
    if ours is None or ours != theirs:
        return -1
    columns, _ = ours
    # Comparing cells of many millions of rows takes more room than the tables do.
    if _hash(connection, f"one.{table}", columns) == _hash(connection, f"other.{table}", columns):
        return 0
    return int(str(_value(connection, _DIFFERENCES.format(table=table, columns=columns))))


def _hash(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> str:
    return str(_value(connection, _HASH.format(table=table, columns=columns)))


def _value(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row: tuple[object, ...] = connection.execute(query).fetchone() or (None,)
    return row[0]
