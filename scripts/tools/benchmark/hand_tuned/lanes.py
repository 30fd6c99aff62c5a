"""Several things at a time in one database."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb


def in_lanes(
    connection: duckdb.DuckDBPyConnection, lanes: Sequence[Callable[[duckdb.DuckDBPyConnection], None]]
) -> None:
    """Does several things at a time, each with a connection of its own to the same database."""
    with ThreadPoolExecutor(len(lanes)) as pool:
        done = [pool.submit(in_lane, connection.cursor(), lane) for lane in lanes]
        for one in done:
            one.result()


def in_lane(connection: duckdb.DuckDBPyConnection, lane: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Does one thing and closes its connection."""
    with connection:
        lane(connection)
