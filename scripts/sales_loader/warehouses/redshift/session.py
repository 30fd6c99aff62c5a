"""One connection to Redshift: statements in, rows out, and errors that say what to do."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sales_loader.errors import LoaderError, WarehouseUnavailableError
from sales_loader.privacy import masked
from sales_loader.warehouses.redshift.sign_in import SignIn

if TYPE_CHECKING:
    from redshift_connector.core import Connection
    from redshift_connector.cursor import Cursor
    from redshift_connector.error import Error as DriverError

Row = tuple[Any, ...]

_CONNECT_SECONDS = 60
_MAX_ERROR_CHARACTERS = 400
_CONFLICTS = re.compile(
    r"\b1023\b|serializable isolation|conflict with concurrent transaction", re.IGNORECASE
)
_NOT_SIGNED_IN = re.compile(r"password authentication failed|expired|28000|28P01", re.IGNORECASE)
_LOST = (
    "the connection to Redshift was lost. What was not committed is gone, what was committed is kept: run "
    "the same command again, it goes on where this one ended."
)


class StatementError(LoaderError):
    """Redshift refused a statement."""


class ConflictError(StatementError):
    """Another transaction was in the way; the whole transaction may be tried again."""


class LostConnectionError(LoaderError):
    """The connection broke; whether a COMMIT under way took effect is not known."""


class RedshiftSession:
    """A connection that opens when it is first needed, and opens again after it broke.

    Args:
        signed_in: gets user, password and address; called for every new connection, as passwords expire.
    """

    def __init__(self, signed_in: Callable[[], SignIn]) -> None:
        self._signed_in = signed_in
        self._connection: Connection | None = None

    def run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement that gives no rows.

        Raises:
            ConflictError: another transaction was in the way.
            StatementError: Redshift refused it.
            LostConnectionError: the connection broke.
            WarehouseUnavailableError: no connection can be made.
        """
        self._execute(statement, parameters)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Rows of a query; raises as ``run`` does."""
        cursor = self._execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]

    def table(self, query: str) -> tuple[list[str], list[Row]]:
        """Names of the columns and rows of a query; raises as ``run`` does."""
        cursor = self._execute(query, ())
        return [str(name) for name, *_ in cursor.description or ()], [tuple(row) for row in cursor.fetchall()]

    def value(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The one value of a query with one row and one column; raises as ``run`` does."""
        return self.rows(query, parameters)[0][0]

    def roll_back(self) -> None:
        """End the open transaction without effect; a broken connection has done so itself."""
        try:
            self.run("rollback")
        except LoaderError:
            self.close()

    def close(self) -> None:
        """Close the connection, whatever state it is in."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()
        except (_driver().Error, OSError):
            return  # it was broken already

    def _execute(self, statement: str, parameters: Sequence[object]) -> "Cursor":
        if self._connection is None:
            self._connection = _connect(self._signed_in())
        cursor = self._connection.cursor()
        try:
            return cursor.execute(statement, tuple(parameters))
        except _driver().Error as error:
            if not _server_message(error):
                self.close()
                raise LostConnectionError(_LOST) from None
            raise explained(error) from None
        except (OSError, ValueError, AttributeError, IndexError) as error:
            # The driver reads on from a socket that was closed in the middle of an answer.
            self.close()
            raise LostConnectionError(_LOST) from error


def _driver() -> Any:
    import redshift_connector  # takes a while, which commands on a DuckDB warehouse need not wait for

    return redshift_connector


def _connect(signed_in: SignIn) -> "Connection":
    place = f"Redshift at {signed_in.host}:{signed_in.port}, database {signed_in.database}"
    try:
        connection: Connection = _driver().connect(
            host=signed_in.host,
            port=signed_in.port,
            user=signed_in.user,
            password=signed_in.password,
            database=signed_in.database,
            ssl=signed_in.ssl_mode != "disable",
            sslmode=signed_in.ssl_mode,
            timeout=_CONNECT_SECONDS,
            application_name="sales-loader",
        )
    except _driver().Error as error:
        message = _server_message(error) or masked(str(error))
        if _NOT_SIGNED_IN.search(message):
            raise WarehouseUnavailableError(
                f"{place}: user {signed_in.user} was not let in. Check the password; it may have expired."
            ) from None
        raise WarehouseUnavailableError(_not_reached(place, message)) from None
    except OSError as error:
        raise WarehouseUnavailableError(_not_reached(place, str(error))) from None
    # Every transaction is begun and ended by explicit statements.
    connection.autocommit = True
    return connection


def _not_reached(place: str, message: str) -> str:
    return (
        f"{place} cannot be reached: {_short(message)}. Check REDSHIFT_HOST and REDSHIFT_PORT, that the "
        "cluster or workgroup is up, and that its security group lets this machine in."
    )


def explained(error: "DriverError") -> StatementError:
    """What to tell a user about an error that Redshift answered; card numbers masked, one line."""
    message = _server_message(error)
    if _CONFLICTS.search(message):
        return ConflictError(f"another transaction was in the way: {_short(message)}")
    return StatementError(f"Redshift answered: {_short(message)}")


def _server_message(error: "DriverError") -> str:
    """Message and detail of an error from the server; empty for one of the driver itself."""
    fields = error.args[0] if error.args else None
    if not isinstance(fields, dict):
        return ""
    return " ".join(str(fields[key]) for key in ("C", "M", "D") if fields.get(key))


def _short(message: str) -> str:
    return masked(" ".join(message.split()))[:_MAX_ERROR_CHARACTERS].rstrip(".")
