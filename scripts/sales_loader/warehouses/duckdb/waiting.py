"""Waiting for a DuckDB file that another process holds open."""

import re
import time
from collections.abc import Callable
from typing import TypeVar

import click

from sales_loader.errors import WarehouseUnavailableError
from sales_loader.escaping import escaped

_Result = TypeVar("_Result")

_HELD_OPEN = re.compile(
    r'Could not set lock on file "(?P<path>.+?)"(?:.*?held in (?P<who>.+? \(PID \d+\)))?', re.S
)
_TRY_EVERY_SECONDS = 1.0
_TELL_EVERY_SECONDS = 60.0


class HeldOpenError(WarehouseUnavailableError):
    """Another process holds the DuckDB file open, as ``fact`` says."""

    def __init__(self, path: str, who: str) -> None:
        self.fact = f"{escaped(path)} is in use by {escaped(who)}"
        super().__init__(
            f"{self.fact}. Close it there, for example a SQL client, and run this again; load, build and "
            "daily wait for it with --wait MINUTES."
        )


def held_open(text: str) -> HeldOpenError | None:
    """The failure that an error of DuckDB stands for, if it is that another process holds the file open."""
    found = _HELD_OPEN.search(text)
    if found is None:
        return None
    program, _, process = (found["who"] or "").rpartition(" (PID ")
    who = f"process {process.rstrip(')')} ({program})" if process else "another process"
    return HeldOpenError(found["path"], who)


def patiently(attempt: Callable[[], _Result], minutes: float) -> _Result:
    """Try something again and again while another process holds the warehouse open, and say so.

    Args:
        attempt: what to do; it raises HeldOpenError.
        minutes: how long to go on.

    Raises:
        HeldOpenError: the time is over.
    """
    until, told_at = None, float("-inf")
    while True:
        try:
            return attempt()
        except HeldOpenError as error:
            now = time.monotonic()
            until = until or now + 60 * minutes  # an attempt may take long
            if now >= until:
                raise
            if now >= told_at + _TELL_EVERY_SECONDS:
                click.echo(
                    f"{error.fact}. Waiting for it, {(until - now) / 60:.2g} minutes at most.", err=True
                )
                told_at = now
            time.sleep(min(_TRY_EVERY_SECONDS, until - now))
