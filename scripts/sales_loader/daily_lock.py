"""Keeps a second morning's run out while one is at work, wherever the two run."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sales_loader.errors import LoaderError
from sales_loader.redshift_schema import DAILY_LOCK_TABLE
from sales_loader.redshift_session import RedshiftSession, StatementError
from sales_loader.redshift_warehouse import RedshiftWarehouse
from sales_loader.targets import REDSHIFT, Place

_WAIT_MILLISECONDS = 5000
_WAITED_IN_VAIN = re.compile(r"\b57014\b")  # the statement was ended, as its time was over


class AlreadyAtWorkError(LoaderError):
    """Another morning's run is not over yet."""

    def __init__(self, place: Place) -> None:
        super().__init__(
            f"Another daily run is at work on {place}. Nothing was done; run this when it has ended."
        )


@contextmanager
def at_work(place: Place) -> Iterator[None]:
    """Keep a second run out until this one ends, however it ends.

    Args:
        place: the warehouse. Two runs on one DuckDB file are on one machine, so a file beside it tells; runs
            on Redshift may be anywhere, so Redshift does.

    Raises:
        AlreadyAtWorkError: another run is at work on this warehouse.
        LoaderError: Redshift cannot be reached, or the lock may not be taken.
    """
    if place.target == REDSHIFT:
        with closing(place.session()) as session:
            RedshiftWarehouse(session, place.aws.s3).create_tables()
            _lock_table(session, place)
            yield  # the lock ends with the connection
    else:
        path = place.database.with_name(f"{place.database.name}.daily.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path, place):
            yield


@contextmanager
def _locked(path: Path, place: Place) -> Iterator[None]:
    """Hold a file that only this run has; it is gone afterwards."""
    while True:
        with path.open("w") as file:
            _lock_file(file.fileno(), place)
            if os.fstat(file.fileno()).st_nlink == 0:
                continue  # the run that had it has ended just now, and has removed it
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def _lock_file(file: int, place: Place) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise AlreadyAtWorkError(place) from error


def _lock_table(session: RedshiftSession, place: Place) -> None:
    session.run(f"set statement_timeout to {_WAIT_MILLISECONDS}")
    session.run("begin")
    try:
        session.run(f"lock {DAILY_LOCK_TABLE}")
    except StatementError as error:
        if _WAITED_IN_VAIN.search(str(error)):
            raise AlreadyAtWorkError(place) from None
        raise
