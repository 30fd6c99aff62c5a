"""Text from outside, such as file names, cells and errors of engines, made harmless where it is shown."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from sales_loader.errors import LoaderError

# Signs that begin a formula in spreadsheets, full-width ones included.
_FORMULA_SIGNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def escaped(text: str) -> str:
    r"""Text on one line: what does not print as itself is written as JSON escapes it.

    That is every control character, line end, terminal sequence, bidirectional mark, blank other than a
    space, and what stands for a byte of a file name that is no UTF-8.

    Example:
        ``escaped("a" + chr(10) + chr(27) + "[2J")`` gives ``a\n\u001b[2J``.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)


def escaped_lines(text: str) -> str:
    """As ``escaped``, with line ends left as they are; all lines but the first are indented."""
    first, *others = (escaped(line.rstrip()) for line in text.rstrip().split("\n"))
    return "\n".join([first, *(line if line.startswith(" ") else f"    {line}" for line in others)])


def as_json_line(value: object) -> str:
    """JSON on one line that shows nothing but what prints; it reads back as the same value."""
    return escaped(json.dumps(value, ensure_ascii=False))


def write_for_spreadsheets(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Write rows to a CSV file; a cell that a spreadsheet would compute begins with an apostrophe.

    Returns:
        The number of rows.

    Raises:
        LoaderError: the file cannot be written.
    """
    harmless = ([_not_computed(cell) for cell in row] for row in rows)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            return sum(bool(writer.writerow(row)) for row in harmless)
    except OSError as error:
        raise LoaderError(
            f"{path} cannot be written: {error.strerror}. Check that its folder exists."
        ) from error


def _not_computed(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) else cell
