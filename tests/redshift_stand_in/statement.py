"""A statement between Redshift's client and PostgreSQL."""

from dataclasses import dataclass
from enum import Enum, auto

from .copy_command import CopyCommand
from .unload_command import UnloadCommand

NOTHING = "do ''"
"""For PostgreSQL, in the place of what the session does itself."""


class Action(Enum):
    """What the session has to do around a statement, besides running it."""

    COPY = auto()
    UNLOAD = auto()
    COMMIT = auto()
    COMMIT_AFTER = auto()
    ALONE = auto()
    WRITE = auto()


@dataclass(frozen=True)
class Statement:
    """A statement as PostgreSQL gets it.

    Attributes:
        sql: for PostgreSQL.
        action: what else is to be done.
        tag: what the client is told was done, where PostgreSQL would say something else.
        copy: the COPY, if it is one.
        unload: the UNLOAD, if it is one.
    """

    sql: str
    action: Action | None = None
    tag: str = ""
    copy: CopyCommand | None = None
    unload: UnloadCommand | None = None
