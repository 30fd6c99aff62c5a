"""How a COPY fails, in the words and columns of Redshift's system tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LoadError:
    """A row of ``sys_load_error_detail``.

    ``line_number`` is the physical line of the file, the first being 1 and headers counted, on which the
    record in error begins; Redshift's guide speaks of the line with the error and does not settle records of
    several lines. ``position`` is -1, as in the guide's own example, when a value does not fit its column.
    """

    file_name: str
    line_number: int
    column_name: str
    column_type: str
    column_length: str
    position: int
    error_code: int
    error_message: str
    raw_field_value: str


class CopyFailed(Exception):  # noqa: N818 - says what happened to the COPY
    """A COPY stops and loads nothing.

    Attributes:
        message: what the client is told.
        errors: the rows in error that were met before, for the system tables.
    """

    def __init__(self, message: str, errors: tuple[LoadError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors
