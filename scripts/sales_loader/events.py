"""The events of a load, for whatever displays them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How much an event matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        level: how much it matters.
        name: stable name for programs.
        message: one line for people; empty if the table of files says enough.
        fields: facts for programs; JSON types only.
    """

    level: Level
    name: str
    message: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


Listener = Callable[[Event], None]
