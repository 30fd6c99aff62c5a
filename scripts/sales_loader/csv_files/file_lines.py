"""Where in a file a fault lies, in lines as an editor counts them; asked only when there is one.

DuckDB numbers records: it counts neither empty lines nor the line breaks in quoted cells. Zstandard data
cannot be read here, so of such a file only the number of the row is known.
"""

import csv
import gzip
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, cast

from sales_loader.sources.local import SourceFile

_NAMES = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}


@dataclass(frozen=True)
class Record:
    """A record of a file: its header or a row.

    Attributes:
        line: its first line, from 1.
        cells: number of its cells.
        size: bytes of its lines.
        end: ``CRLF``, ``LF`` or ``CR``; empty where the file ends without a line end.
        is_broken: whether text follows a closing quote, or a quote never closes.
    """

    line: int
    cells: int
    size: int
    end: str
    is_broken: bool = False


def place_of_row(file: SourceFile, row: int) -> str:
    """Where a row is, for messages: ``line 3``, or ``row 2`` when lines cannot be counted.

    Args:
        file: the file.
        row: number of the row as in ``_source_row_number``; 0 is the header.
    """
    numbered = enumerate(_records(file, strict=False))
    line = next((record.line for number, record in numbered if number == row), None)
    return f"row {row}" if line is None else f"line {line}"


def first_line(file: SourceFile, wanted: Callable[[Record], bool], *, strict: bool = False) -> int | None:
    """Line of the first wanted record; None if there is none, or lines cannot be counted.

    Args:
        file: the file.
        wanted: whether a record is the wanted one.
        strict: whether to end at the first broken record; otherwise quotes are taken as they come.
    """
    return next((record.line for record in _records(file, strict=strict) if wanted(record)), None)


def first_line_not_utf8(file: SourceFile) -> int | None:
    """The first line that is not UTF-8; None if there is none, or lines cannot be counted."""
    return next((number for number, line in enumerate(_lines(file), start=1) if not _is_utf8(line)), None)


def mixed_line_ends(file: SourceFile) -> str:
    """The first record whose line end differs from the header's, for messages; empty if none is found."""
    header_end = next((record.end for record in _records(file, strict=False)), "")
    for record in _records(file, strict=False):
        if record.end not in (header_end, ""):
            return f"line {record.line} ends with {record.end}, the header with {header_end}"
    return ""


def _records(file: SourceFile, *, strict: bool) -> Iterator[Record]:
    csv.field_size_limit(sys.maxsize)
    read: list[str] = []  # lines of the current record
    reader = csv.reader(_noted(_lines(file), read), strict=strict)
    first = 1
    try:
        for cells in reader:
            end = read[-1][len(read[-1].rstrip("\r\n")) :]
            if cells:
                yield Record(first, len(cells), sum(map(len, read)), _NAMES.get(end, ""))
            first = reader.line_num + 1
            read.clear()
    except csv.Error:
        yield Record(first, 0, 0, "", is_broken=True)


def _noted(lines: Iterable[str], notes: list[str]) -> Iterator[str]:
    for line in lines:
        notes.append(line)
        yield line


def _lines(file: SourceFile) -> Iterator[str]:
    """Lines with their ends, a character per byte; none of Zstandard data."""
    if file.compression == "zstd":
        return
    open_file = gzip.open if file.compression == "gzip" else open
    with open_file(file.path, "rt", encoding="latin-1", newline="") as text:
        yield from cast(IO[str], text)


def _is_utf8(line: str) -> bool:
    try:
        line.encode("latin-1").decode()
    except UnicodeDecodeError:
        return False
    return True
