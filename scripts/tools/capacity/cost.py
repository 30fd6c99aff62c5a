"""What a daily run takes on Redshift Serverless, between two guesses at how fast it is."""

import math
from dataclasses import dataclass

PRICE = 0.375  # dollars an RPU-hour
BASE_CAPACITY = 8
MINIMUM_SECONDS = 60


@dataclass(frozen=True)
class Speed:
    """A guess at how fast the base capacity is.

    Attributes:
        statement_seconds: that a statement takes before it reads anything.
        read_bytes: that are read in a second, as they lie packed.
        moved_rows: that go to another slice in a second.
        written_rows: that are written in a second.
    """

    statement_seconds: float
    read_bytes: float
    moved_rows: float
    written_rows: float


FAST = Speed(statement_seconds=0.1, read_bytes=2e9, moved_rows=1e7, written_rows=2e6)
SLOW = Speed(statement_seconds=0.3, read_bytes=5e8, moved_rows=2e6, written_rows=5e5)


@dataclass(frozen=True)
class Work:
    """What a daily run does.

    Attributes:
        statements: that it sends.
        read_bytes: that it reads.
        moved_rows: that go to another slice.
        written_rows: that it writes.
    """

    statements: float
    read_bytes: float
    moved_rows: float
    written_rows: float


def seconds(work: Work, speed: Speed) -> float:
    """How long a daily run keeps the base capacity busy; never less than what is billed."""
    total = (
        work.statements * speed.statement_seconds
        + work.read_bytes / speed.read_bytes
        + work.moved_rows / speed.moved_rows
        + work.written_rows / speed.written_rows
    )
    return max(total, MINIMUM_SECONDS)


def unit_hours(busy: float) -> float:
    """RPU-hours of so many seconds."""
    return busy / 3600 * BASE_CAPACITY


def capacity_for_an_hour(busy: float, waiting: float) -> int:
    """RPUs with which a daily run ends within an hour, where twice as many work twice as fast.

    Args:
        busy: seconds that it takes with the base capacity.
        waiting: seconds of these that no capacity shortens.
    """
    return max(1, math.ceil((busy - waiting) / (3600 - waiting))) * BASE_CAPACITY
