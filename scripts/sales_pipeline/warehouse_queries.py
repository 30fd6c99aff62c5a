"""Queries on a warehouse that is built, and its tables of run state."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import duckdb

from sales_loader.errors import LoaderError
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget

Query = Callable[[str], list[tuple[Any, ...]]]
Table = tuple[list[str], list[tuple[Any, ...]]]

_RUN_STATE_SCHEMAS = """
    select table_schema from information_schema.tables
    where table_name = 'run_state' and table_schema in ('intermediate', 'intermediate_next')
    order by table_schema"""


@contextmanager
def open_query(warehouse_target: WarehouseTarget) -> Iterator[Query]:
    """What gives the rows of a query on the warehouse, while it is open; raises as ``open_tables`` does."""
    with open_tables(warehouse_target) as read:
        yield lambda statement: read(statement)[1]


@contextmanager
def open_tables(warehouse_target: WarehouseTarget) -> Iterator[Callable[[str], Table]]:
    """What gives the names of the columns and the rows of a query on the warehouse, while it is open.

    Raises:
        LoaderError: there is no warehouse, it cannot be opened, or the marts are not built.
    """
    if warehouse_target.name == REDSHIFT:
        with closing(warehouse_target.session()) as session:
            yield session.table
        return
    try:
        with closing(warehouse_target.connect(read_only=True)) as connection:
            yield partial(_table, connection)
    except duckdb.CatalogException as error:
        raise LoaderError(
            f"{warehouse_target}: the marts are not built yet. Run `make build`, or `dbt build` on this file."
        ) from error


def _table(connection: duckdb.DuckDBPyConnection, statement: str) -> Table:
    cursor = connection.execute(statement)
    return [name for name, *_ in cursor.description], cursor.fetchall()


def run_state_tables(query: Callable[[str], Sequence[Sequence[Any]]]) -> list[str]:
    """The tables of run state, that of the marts in use first.

    A daily run keeps its table beside the marts that await publication, a plain build beside the usual ones.
    Publishing drops the latter.
    """
    return [f"{schema}.run_state" for (schema,) in query(_RUN_STATE_SCHEMAS)]
