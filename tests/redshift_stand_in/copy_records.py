"""The records of a delimited file, each with the line it begins on; a bad one comes in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .copy_command import CopyCommand

LARGEST_RECORD = 4 * 1024 * 1024
_PIECE = 1024 * 1024


class Record(NamedTuple):
    """The fields of a record; where ``whole`` is false, invalid UTF-8 stands in them as lone surrogates."""

    line_number: int
    fields: list[str]
    whole: bool


class BadRecord(NamedTuple):
    """A record without fields that could be trusted; ``field`` counts from 0, -1 when none is to blame."""

    line_number: int
    field: int
    position: int
    error_code: int
    error_message: str
    raw_value: str


def read_records(stream: BinaryIO, command: CopyCommand) -> Iterator[Record | BadRecord]:
    r"""Yield the records of one file after its header lines.

    Lines end in LF or CRLF. In CSV mode a quoted field may span lines. A quoted field that is never closed
    swallows the rest of the file, which is one bad record then.

    Args:
        stream: the decompressed file.
        command: gives CSV mode, delimiter, quote, IGNOREHEADER and IGNOREBLANKLINES.
    """
    lines = _Lines(stream)
    for _ in range(command.ignore_header):
        lines.skip()
    splitter = _Splitter(command) if command.csv else None
    while line := lines.next():
        if command.ignore_blank_lines and line in (b"\n", b"\r\n"):
            continue
        if len(line) > LARGEST_RECORD:
            yield _too_large(lines.number)
        elif splitter and splitter.quote in line:
            yield splitter.split(line, lines)
        else:
            yield _plain(line, lines.number, command)


class _Lines:
    """Reads lines and counts them; of a line that is too long it keeps the beginning only."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.number = 0

    def next(self) -> bytes:
        line = self._stream.readline(LARGEST_RECORD + 1)
        self.number += bool(line)
        if len(line) > LARGEST_RECORD:
            self._drop_rest(line)
        return line

    def skip(self) -> None:
        self.next()

    def _drop_rest(self, piece: bytes) -> None:
        while piece and not piece.endswith(b"\n"):
            piece = self._stream.readline(_PIECE)


class _Splitter:
    """Splits records with quotes in them.

    White space between a delimiter and a quote is ignored, as documented; a quote anywhere else than around
    a field, or doubled within one, makes the record invalid.
    """

    def __init__(self, command: CopyCommand) -> None:
        quote, delimiter = re.escape(command.quote), re.escape(command.delimiter)
        blanks = " \t".replace(command.delimiter, "")
        space = f"[{blanks}]*"
        content = f"[^{quote}]*(?:{quote}{quote}[^{quote}]*)*"
        end = f"(?:{delimiter}|\\Z)"
        self.quote = command.quote.encode()
        self._field = re.compile(
            f"{space}{quote}({content}){quote}{space}{end}|([^{delimiter}{quote}\r]*){end}"
        )
        self._open = re.compile(f"{space}{quote}{content}\\Z")
        self._inside = re.compile(content.encode())
        self._command = command

    def split(self, record: bytes, lines: _Lines) -> Record | BadRecord:
        began = lines.number
        while True:
            if len(record) > LARGEST_RECORD:
                return _too_large(began)
            if (nul := _nul(record, began)) is not None:
                return nul
            text, whole = _decoded(record)
            fields, rest = self._fields(_without_line_end(text))
            if rest is None:
                return Record(began, fields, whole)
            if not self._open.match(text, rest):
                return self._invalid(began, fields, text[rest:])
            more = self._until_closed(lines, len(record))
            if not more:
                return self._invalid(began, fields, text[rest:])
            record += more

    def _fields(self, text: str) -> tuple[list[str], int | None]:
        """The fields up to the first that does not parse, and where that one begins."""
        fields: list[str] = []
        at, quote = 0, self._command.quote
        while True:
            match = self._field.match(text, at)
            if match is None:
                return fields, at
            quoted, plain = match.groups()
            fields.append(plain if quoted is None else quoted.replace(quote * 2, quote))
            if not match.group().endswith(self._command.delimiter):
                return fields, None
            at = match.end()

    def _until_closed(self, lines: _Lines, length: int) -> bytes:
        """The lines up to one that closes the field: only then is it worth splitting again."""
        pieces: list[bytes] = []
        while line := lines.next():
            pieces.append(line)
            length += len(line)
            if length > LARGEST_RECORD or not self._inside.fullmatch(line):
                return b"".join(pieces)
        return b""

    def _invalid(self, line_number: int, fields: list[str], raw: str) -> BadRecord:
        return BadRecord(line_number, len(fields), 0, 1214, "Invalid quote formatting for CSV", raw)


def _plain(line: bytes, number: int, command: CopyCommand) -> Record | BadRecord:
    if (nul := _nul(line, number)) is not None:
        return nul
    text, whole = _decoded(line)
    text = _without_line_end(text)
    if "\r" in text:
        return _missing_newline(line, line.index(b"\r"), number)
    fields = text.split(command.delimiter)
    return Record(number, fields, whole)


def _decoded(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return line.decode(errors="surrogateescape"), False


def _without_line_end(text: str) -> str:
    if text.endswith("\n"):
        return text[:-2] if text.endswith("\r\n") else text[:-1]
    return text


def _nul(record: bytes, number: int) -> BadRecord | None:
    # To COPY a NUL ends the record, so that what follows it stands where a line end should.
    at = record.find(b"\0")
    return None if at < 0 else _missing_newline(record, at, number)


def _missing_newline(record: bytes, at: int, number: int) -> BadRecord:
    after = record[at + 1] if at + 1 < len(record) else 0
    message = f"Missing newline: Unexpected character 0x{after:x} found at location {at + 1}"
    return BadRecord(number, -1, 0, 1216, message, "")


def _too_large(number: int) -> BadRecord:
    return BadRecord(number, -1, 0, 1216, f"Input row is larger than {LARGEST_RECORD} bytes", "")
