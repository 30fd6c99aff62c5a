"""What the tests of the stand-in say to it, as a client of Redshift's."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from redshift_connector.core import Connection
from redshift_connector.error import Error

from tests.redshift_stand_in import StandIn


@contextmanager
def session(stand_in: StandIn, *, autocommit: bool = True) -> Iterator[Connection]:
    """A session that ends with the context."""
    with closing(stand_in.connect()) as connection:
        connection.autocommit = autocommit
        yield connection


def rows(connection: Connection, statement: str, *values: Any) -> list[list[Any]]:
    """Run a statement; its rows, none if it is not a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def value(connection: Connection, expression: str) -> Any:
    """The value of an expression."""
    return rows(connection, f"select {expression}")[0][0]


def error(connection: Connection, statement: str, *values: Any) -> dict[str, str]:
    """The fields of the error with which a statement fails."""
    try:
        rows(connection, statement, *values)
    except Error as failure:
        fields: dict[str, str] = failure.args[0]
        return fields
    raise AssertionError(f"it ran: {statement}")
