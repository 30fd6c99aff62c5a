"""Lets only one daily run at a time work on a warehouse, wherever the runs are started."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sales_loader.errors import LoaderError
from sales_loader.warehouses.redshift.schema import DAILY_LOCK_TABLE
from sales_loader.warehouses.redshift.session import RedshiftSession, StatementError
from sales_loader.warehouses.redshift.warehouse import RedshiftWarehouse
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget

_WAIT_MILLISECONDS = 5000
_TIMED_OUT = re.compile(r"\b57014\b")  # the statement was cancelled after its timeout


class RunInProgressError(LoaderError):
    """Another daily run on this warehouse has not ended."""

    def __init__(self, warehouse_target: WarehouseTarget) -> None:
        super().__init__(
            f"Another daily run is at work on {warehouse_target}. Nothing was done; "
            "run this again when it has ended."
        )


@contextmanager
def run_lock(warehouse_target: WarehouseTarget) -> Iterator[None]:
    """Keep a second run out until this one ends, however it ends.

    Args:
        warehouse_target: the warehouse. Runs on one DuckDB file are on one machine, so a file beside it is
            locked; runs on Redshift may be anywhere, so a table there is.

    Raises:
        RunInProgressError: another run holds the lock.
        LoaderError: Redshift cannot be reached, or the lock may not be taken.
    """
    if warehouse_target.name == REDSHIFT:
        with closing(warehouse_target.session()) as session:
            RedshiftWarehouse(session, warehouse_target.aws.s3).create_tables()
            _lock_table(session, warehouse_target)
            yield  # the lock is released with the connection
    else:
        path = warehouse_target.database.with_name(f"{warehouse_target.database.name}.daily.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path, warehouse_target):
            yield


@contextmanager
def _locked(path: Path, warehouse_target: WarehouseTarget) -> Iterator[None]:
    """Lock a file, and remove it afterwards."""
    while True:
        with path.open("w") as file:
            _lock_file(file.fileno(), warehouse_target)
            if os.fstat(file.fileno()).st_nlink == 0:
                continue  # the run that held the lock has just ended and removed the file
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _lock_file(file: int, warehouse_target: WarehouseTarget) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise RunInProgressError(warehouse_target) from error


def _lock_table(session: RedshiftSession, warehouse_target: WarehouseTarget) -> None:
    session.run(f"set statement_timeout to {_WAIT_MILLISECONDS}")
    session.run("begin")
    try:
        session.run(f"lock {DAILY_LOCK_TABLE}")
    except StatementError as error:
        if _TIMED_OUT.search(str(error)):
            raise RunInProgressError(warehouse_target) from None
        raise
