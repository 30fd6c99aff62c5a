"""The SQL that makes a PostgreSQL database into the stand-in's: functions, table rules, system views."""

import re
from pathlib import Path

_FOLDER = Path(__file__).parent
_NAMES = r"create {kind} rs\.(\w+)"


def read(name: str) -> str:
    """The text of one of the SQL files beside this module."""
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def created(sql: str, kind: str) -> frozenset[str]:
    """The names of what a text creates in schema rs, such as all its functions."""
    return frozenset(re.findall(_NAMES.format(kind=kind), sql))
