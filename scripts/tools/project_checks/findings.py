"""What a check found, and how it is printed."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to fix: its file, its line (0 if there is none) and what is wrong."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"
