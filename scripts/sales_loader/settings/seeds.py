"""The reference data in ``seeds/``, checked before dbt reads it: a fault is named with line and column."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

import pytz

from sales_loader.contract import ID_BYTES, NAME_BYTES
from sales_loader.errors import LoaderError
from sales_loader.privacy import quoted
from sales_loader.settings.own_settings import seed_file

_MOST_SHOWN = 5
_MANGLED_ID = re.compile(r"\d(\.\d*)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column of a seed.

    Attributes:
        name: as in the header.
        expected: what a good cell holds, for messages.
        is_good: whether a cell that is not blank is good.
        may_be_blank: whether a row may leave it out.
    """

    name: str
    expected: str
    is_good: Callable[[str], bool]
    may_be_blank: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a seed that is not blank: its line in the file, and a cell for each column, blank or not."""

    line: int
    cells: tuple[str, ...]


def _is_id(text: str) -> bool:
    return _fits(text, ID_BYTES) and text == text.strip() and not _MANGLED_ID.fullmatch(text)


def _is_zone(text: str) -> bool:
    return text in pytz.all_timezones_set and ("/" in text or text == "UTC")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_rate(text: str) -> bool:
    return bool(re.fullmatch(r"\d?(\.\d{1,4})?", text, re.ASCII)) and Decimal(text) <= 1


def _is_hour(text: str) -> bool:
    return bool(re.fullmatch(r"1?\d|2[0-3]", text, re.ASCII))


def _fits(text: str, size: int) -> bool:
    return len(text.encode()) <= size


def _text(name: str, size: int = NAME_BYTES, *, may_be_blank: bool = False) -> Column:
    return Column(name, f"a text of at most {size} bytes", lambda cell: _fits(cell, size), may_be_blank)


def _key(name: str) -> Column:
    """A text that other data name: blanks around it would keep it from being found."""
    expected = f"a text of at most {NAME_BYTES} bytes without blanks around it"
    return Column(name, expected, lambda cell: _fits(cell, NAME_BYTES) and cell == cell.strip())


def _id(name: str) -> Column:
    return Column(name, "an id as the sales files have it (not one that a spreadsheet rewrote)", _is_id)


# The first column of each is its key. The file has the columns in this order.
SEEDS = {
    "locations": (
        _id("location_id"),
        _text("location_name", may_be_blank=True),
        _text("region", may_be_blank=True),
        Column("timezone", "a time zone such as America/New_York", _is_zone, may_be_blank=True),
        Column("opened_on", "a date as yyyy-mm-dd", _is_date, may_be_blank=True),
    ),
    "dayparts": (Column("hour", "a whole hour from 0 to 23", _is_hour), _text("daypart", 64)),
    "excluded_apps": (_key("app_name"), _text("reason", may_be_blank=True)),
    "excluded_customers": (_id("customer_id"), _text("reason", may_be_blank=True)),
    "menu_category_corrections": (_key("raw"), _key("corrected")),
    "menu_category_costs": (
        _key("item_category"),
        Column("food_cost_rate", "a rate from 0 to 1 such as 0.3, at most four decimals", _is_rate),
    ),
}


def check_seeds(project_dir: Path) -> None:
    """Look through all seeds of a project that are there.

    Raises:
        LoaderError: one cannot be read, or holds a bad cell, a key twice, or not what it must.
    """
    for name in SEEDS:
        read_seed(project_dir, name)


def read_seed(project_dir: Path, name: str) -> list[Row]:
    """The rows of a seed, checked; none when there is no such file. Blank rows are left out.

    Args:
        project_dir: folder that may hold ``seeds/``, and ``settings.yml`` that names the user's own seeds.
        name: of the seed.

    Raises:
        UsageError: ``settings.yml`` is not as expected.
        LoaderError: the file cannot be read, or holds a bad cell, a key twice, or not what it must.
    """
    path = seed_file(project_dir, name)
    if not path.exists():
        return []
    columns = SEEDS[name]
    lines = _records(path)
    _check_header(path, [column.name for column in columns], next(lines, Row(1, ())))
    rows: list[Row] = []
    problems: list[str] = []
    first_lines: dict[str, int] = {}
    for row in lines:
        if not "".join(row.cells).strip():
            continue
        rows.append(Row(row.line, row.cells + ("",) * (len(columns) - len(row.cells))))
        problems += [f"{path}, line {row.line}{fault}" for fault in _faults(columns, rows[-1], first_lines)]
    if name == "dayparts" and not problems:
        missing = [str(hour) for hour in range(24) if str(hour) not in first_lines]
        problems += [f"{path}: no row for hour {', '.join(missing)}; expected all 24."] if missing else []
    if problems:
        more = len(problems) - _MOST_SHOWN
        raise LoaderError("\n".join(problems[:_MOST_SHOWN] + ([f"… and {more} more."] if more > 0 else [])))
    return rows


def _records(path: Path) -> Iterator[Row]:
    """All rows of a file, header and blank ones included."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise LoaderError(f"{path}, line {line} is not UTF-8. Save it as CSV in UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error:
        raise LoaderError(
            f"{path}, line {line}: a quote opens that is not closed, or text follows the closing quote. "
            'Inside of quotes a quote is written twice ("").'
        ) from None


def _check_header(path: Path, expected: list[str], header: Row) -> None:
    if list(header.cells) == expected:
        return
    found = ",".join(header.cells)
    hint = " Save it with commas between the cells." if ";" in found or "\t" in found else ""
    raise LoaderError(
        f"{path}, line {header.line}: the header is {quoted(found)}; expected {','.join(expected)}.{hint}"
    )


def _faults(columns: tuple[Column, ...], row: Row, first_lines: dict[str, int]) -> Iterator[str]:
    """What is wrong with a row, as sentences to go on after its line; notes the line of its key."""
    if len(row.cells) > len(columns):
        yield f": {len(row.cells)} cells; expected {len(columns)}. A text with a comma needs quotes."
        return
    for column, cell in zip(columns, row.cells, strict=True):
        if not cell and not column.may_be_blank:
            yield f", column {column.name}: blank; expected {column.expected}."
        elif cell and not column.is_good(cell):
            nearest = _nearest(column, cell)
            yield f", column {column.name}: {quoted(cell)}; expected {column.expected}{nearest}."
    key = row.cells[0]
    if key and first_lines.setdefault(key, row.line) != row.line:
        line = first_lines[key]
        yield f", column {columns[0].name}: {quoted(key)} stands in line {line} already; keep one of them."


def _nearest(column: Column, cell: str) -> str:
    if column.is_good is not _is_zone:
        return ""
    nearest = get_close_matches(cell.strip(), pytz.common_timezones, n=1)
    return f"; the nearest is {nearest[0]}" if nearest else ""
