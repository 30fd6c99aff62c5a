"""Opening a DuckDB file, and what its errors mean to a user."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TypeVar

import duckdb

from sales_loader.errors import WarehouseUnavailableError
from sales_loader.privacy import masked
from sales_loader.warehouses.duckdb.waiting import held_open, patiently

_Answer = TypeVar("_Answer")

MEMORY_LIMIT = "1GB"
_MAX_ERROR_CHARACTERS = 200
_INTERRUPT_EVERY_SECONDS = 0.05
# DuckDB's own 16 MB are reached every few files, and a checkpoint takes as long as reading them has taken.
_CHECKPOINT_THRESHOLD = "256MB"
# The extensions in use are built in. Nothing is fetched because a query or a file seems to need it.
NO_EXTENSIONS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_WHAT_TO_DO_WITH_BROKEN = (
    "Put a copy of it that is whole in its place, or move it away and load all files again."
)
_BROKEN = ("corrupt", "could not read enough bytes", "checksum")


def open_database(
    path: Path, memory_limit: str, *, read_only: bool, wait_minutes: float = 0
) -> duckdb.DuckDBPyConnection:
    """Connect to a DuckDB file; creates it unless read-only.

    Args:
        path: the database file.
        memory_limit: as DuckDB writes it, for example ``1GB``.
        read_only: open without the right to change anything.
        wait_minutes: how long to wait for another process that holds the file open.

    Raises:
        HeldOpenError: another process holds the file open.
        LoaderError: the file is not a DuckDB file or cannot be opened or created.
    """
    return patiently(lambda: _open(path, memory_limit, read_only=read_only), wait_minutes)


def _open(path: Path, memory_limit: str, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if read_only and not path.exists():
        raise WarehouseUnavailableError(
            f"There is no warehouse at {path}. Load files first, or name another one with --database."
        )
    try:
        connection = duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "memory_limit": memory_limit,
                "checkpoint_threshold": _CHECKPOINT_THRESHOLD,
                **NO_EXTENSIONS,
            },
        )
    except duckdb.Error as error:
        not_opened = WarehouseUnavailableError(_not_opened(path, memory_limit, str(error)))
        raise held_open(str(error)) or not_opened from None
    if not _is_stored(connection):
        connection.close()
        raise WarehouseUnavailableError(_not_opened(path, memory_limit, "not a valid DuckDB file"))
    return connection


def _is_stored(connection: duckdb.DuckDBPyConnection) -> bool:
    # Given a data file such as a CSV, DuckDB opens a database in memory that shows it, and nothing is kept.
    query = "select path is not null from duckdb_databases() where database_name = current_database()"
    return connection.execute(query).fetchone() == (True,)


def _not_opened(path: Path, memory_limit: str, text: str) -> str:
    said = text.replace(str(path), "")  # a path may hold any word
    if is_broken(said):
        return f"{path} is broken: {_first_line(text)}. {_WHAT_TO_DO_WITH_BROKEN}"
    if "not a valid DuckDB" in said:
        return f"{path} is not a DuckDB file. Name another file with --database, or move this one away."
    if "memory" in said.lower():
        return f"DuckDB does not take '{memory_limit}' as memory limit; write it like 1GB or 800MB."
    return (
        f"{path} cannot be opened: {_first_line(text)}. Check that the folder exists and may be written to."
    )


def explained(error: duckdb.Error, what: str = "the warehouse") -> str:
    """What to tell a user about an error while writing; card numbers masked, one line.

    Args:
        error: of DuckDB.
        what: was to be written.
    """
    text = str(error)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "DuckDB ran out of memory. Give it more with --memory-limit, for example 2GB."
    if is_broken(text):
        return f"the warehouse file is broken: {_first_line(text)}. {_WHAT_TO_DO_WITH_BROKEN}"
    if "No space left" in text:
        return "the disk is full. Make room and run the same command again."
    return f"{what} could not be written: {_first_line(text)}"


def is_broken(text: str) -> bool:
    """Whether an error of DuckDB says that a database file is damaged."""
    return any(sign in text.lower() for sign in _BROKEN)


def _first_line(text: str) -> str:
    return masked(text.partition("\n")[0])[:_MAX_ERROR_CHARACTERS].rstrip(".")


def run_query(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None
) -> duckdb.DuckDBPyConnection:
    """Run a query that may take long, so that Ctrl-C ends it at once.

    DuckDB looks for signals between its tasks only, and reading a CSV file in one thread is one task. So the
    query runs in a thread of its own while this one waits.

    Raises:
        KeyboardInterrupt: Ctrl-C came; the query has ended.
    """
    with _asked(connection, lambda asked: asked.execute(query, parameters)) as answer:
        return answer.result()


@contextmanager
def meanwhile(
    connection: duckdb.DuckDBPyConnection, ask: Callable[[duckdb.DuckDBPyConnection], _Answer]
) -> Iterator[Future[_Answer]]:
    """Run another query on a database while the block runs; gives its future answer.

    Args:
        connection: to the database; what its transaction has changed is not seen.
        ask: is called with a connection of its own, which is interrupted when the block fails.
    """
    with connection.cursor() as other, _asked(other, ask) as answer:
        yield answer


@contextmanager
def _asked(
    connection: duckdb.DuckDBPyConnection, ask: Callable[[duckdb.DuckDBPyConnection], _Answer]
) -> Iterator[Future[_Answer]]:
    answer: Future[_Answer] = Future()
    thread = Thread(target=_answer, args=(answer, connection, ask))
    try:
        thread.start()
        yield answer
        thread.join()
    except BaseException:
        answer.cancel()  # for a thread that has started and not yet begun
        while thread.is_alive():
            connection.interrupt()
            thread.join(_INTERRUPT_EVERY_SECONDS)
        raise


def _answer(
    answer: Future[_Answer],
    connection: duckdb.DuckDBPyConnection,
    ask: Callable[[duckdb.DuckDBPyConnection], _Answer],
) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(ask(connection))
    except BaseException as error:
        answer.set_exception(error)
