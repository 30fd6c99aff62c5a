"""What a COPY loads: files of S3 read as Redshift reads them, for PostgreSQL's COPY FROM STDIN.

NOT NULL is left to PostgreSQL, which means that MAXERROR does not cover it here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from .copy_command import CopyCommand
from .copy_errors import CopyFailed, LoadError
from .copy_records import BadRecord, Record, read_records
from .copy_source import Part, opened, parts
from .copy_values import (
    BadValueError,
    ColumnType,
    Converter,
    check_encoding,
    column_type,
    converter,
    replace_invalid,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

__all__ = ["CopyData", "CopyFailed", "LoadError", "TargetColumn", "read_copy"]

_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 256 * 1024
_LONGEST_RAW_VALUE = 1024


@dataclass(frozen=True)
class TargetColumn:
    """A column that the COPY fills; ``type`` as PostgreSQL's ``format_type()`` prints it."""

    name: str
    type: str


@dataclass(frozen=True)
class CopyData:
    """Rows ready for PostgreSQL.

    ``payload`` is PostgreSQL's COPY text format and can be read once; ``rows`` is how many rows are in it;
    ``errors`` are the rows that MAXERROR let pass over; ``files`` are the objects that were read.
    """

    payload: Iterator[bytes]
    rows: int
    errors: tuple[LoadError, ...]
    files: tuple[str, ...]


def read_copy(command: CopyCommand, columns: Sequence[TargetColumn], s3: S3Client) -> CopyData:
    """Read and check everything a COPY loads, before the first row goes to PostgreSQL.

    Args:
        command: the COPY.
        columns: the columns that fields go to, in the order of the fields.
        s3: reads the objects; its retries are those of the COPY.

    Raises:
        CopyFailed: as many rows are in error as MAXERROR says, or a file cannot be had whole.
    """
    load = _Load(command, columns)
    files = parts(command, s3)
    with ExitStack() as until_failure:
        out = until_failure.enter_context(tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))
        for part in files:
            with opened(part, command, s3) as stream:
                for record in read_records(stream, command):
                    load.take(record, part, out)
        until_failure.pop_all()
    rows = 0 if command.no_load else load.rows
    return CopyData(_chunks(out), rows, tuple(load.errors), tuple(part.url for part in files))


def _chunks(payload: IO[bytes]) -> Iterator[bytes]:
    payload.seek(0)
    with payload:
        while chunk := payload.read(_CHUNK):
            yield chunk


@dataclass(frozen=True)
class _Column:
    name: str
    type: ColumnType
    convert: Converter


class _Load:
    """Converts record after record and keeps count of rows and errors."""

    def __init__(self, command: CopyCommand, columns: Sequence[TargetColumn]) -> None:
        self._command = command
        self._columns = [_column(column, command) for column in columns]
        self._converters = [column.convert for column in self._columns]
        self.rows = 0
        self.errors: list[LoadError] = []

    def take(self, record: Record | BadRecord, part: Part, out: IO[bytes]) -> None:
        """Write the row of a record, or note why there is none."""
        if isinstance(record, BadRecord):
            self._refuse(record, part)
            return
        fields = self._fitted(record.fields)
        if len(fields) != len(self._columns):
            self._refuse(self._of_other_width(record, fields), part)
            return
        try:
            row = self._row(fields, whole=record.whole)
        except BadValueError:
            self._refuse(self._first_bad_value(record, fields), part)
            return
        self.rows += 1
        if not self._command.no_load:
            out.write(row)

    def _fitted(self, fields: list[str]) -> list[str]:
        wanted = len(self._columns)
        if len(fields) < wanted and self._command.fill_record:
            return fields + [""] * (wanted - len(fields))
        # The guide lets a delimiter close a record, and shows it for delimited text.
        if len(fields) == wanted + 1 and not fields[-1] and not self._command.csv:
            return fields[:-1]
        return fields

    def _row(self, fields: list[str], *, whole: bool) -> bytes:
        if not whole:
            fields = [self._valid(column, value) for column, value in zip(self._columns, fields, strict=True)]
        values = [convert(value) for convert, value in zip(self._converters, fields, strict=True)]
        return ("\t".join(values) + "\n").encode()

    def _valid(self, column: _Column, value: str) -> str:
        if column.type.name == "varchar" and self._command.invalid_characters_as is not None:
            return replace_invalid(value, self._command.invalid_characters_as)
        check_encoding(value)
        return value

    def _first_bad_value(self, record: Record, fields: list[str]) -> BadRecord:
        for at, (column, value) in enumerate(zip(self._columns, fields, strict=True)):
            try:
                column.convert(value if record.whole else self._valid(column, value))
            except BadValueError as error:
                return BadRecord(record.line_number, at, -1, error.error_code, error.message, value)
        raise AssertionError("a row was refused of which every value fits")

    def _of_other_width(self, record: Record, fields: list[str]) -> BadRecord:
        if len(fields) > len(self._columns):
            extra = self._command.delimiter.join(fields[len(self._columns) :])
            return BadRecord(record.line_number, -1, 0, 1202, "Extra column(s) found", extra)
        last = len(fields) - 1
        return BadRecord(record.line_number, last, 0, 1214, "Delimiter not found", fields[last])

    def _refuse(self, bad: BadRecord, part: Part) -> None:
        column = self._columns[bad.field] if 0 <= bad.field < len(self._columns) else None
        error = LoadError(
            file_name=part.url,
            line_number=bad.line_number,
            column_name=column.name if column else "",
            column_type=column.type.name if column else "",
            column_length=column.type.length if column else "",
            position=bad.position,
            error_code=bad.error_code,
            error_message=bad.error_message,
            raw_field_value=_raw(bad.raw_value),
        )
        self.errors.append(error)
        if len(self.errors) >= max(self._command.max_error, 1):
            table = self._command.table
            raise CopyFailed(
                f"Load into table '{table}' failed. Check 'sys_load_error_detail' system table for details.",
                tuple(self.errors),
            )


def _column(column: TargetColumn, command: CopyCommand) -> _Column:
    found = column_type(column.type)
    return _Column(column.name, found, converter(found, command))


def _raw(value: str) -> str:
    """A value as the system tables keep it: multibyte characters become periods."""
    return "".join(character if character.isascii() else "." for character in value[:_LONGEST_RAW_VALUE])
