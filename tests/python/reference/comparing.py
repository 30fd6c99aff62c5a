"""Cell-by-cell comparison of two tables, with no tolerance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Cells = Mapping[str, object]
ABSENT = "(absent)"
WHOLE_ROW = "(row)"


@dataclass(frozen=True)
class Difference:
    """One cell, or one whole row, that is not as expected."""

    key: tuple[object, ...]
    column: str
    expected: object
    actual: object

    def __str__(self) -> str:
        return f"{self.key} {self.column}: expected {self.expected!r}, actual {self.actual!r}"


def compare(
    expected_rows: Sequence[Cells],
    actual_rows: Sequence[Cells],
    key: Sequence[str],
    ignore: Collection[str] = (),
) -> list[Difference]:
    """Return every difference of value or type; a decimal's trailing zeros are none.

    A column that only one side has, a missing or surplus row, and a repeated key are differences too.

    Raises:
        KeyError: if a row lacks a column of the key.
    """
    expected, repeated = _by_key(expected_rows, key, in_actual=False)
    actual, repeated_actual = _by_key(actual_rows, key, in_actual=True)
    differences = repeated + repeated_actual
    for row_key, row in expected.items():
        if row_key in actual:
            differences += _compare_cells(row_key, row, actual[row_key], ignore)
        else:
            differences.append(Difference(row_key, WHOLE_ROW, "a row", "missing"))
    surplus = [row_key for row_key in actual if row_key not in expected]
    return differences + [Difference(row_key, WHOLE_ROW, "no row", "surplus") for row_key in surplus]


def _by_key(
    rows: Sequence[Cells], key: Sequence[str], *, in_actual: bool
) -> tuple[dict[tuple[object, ...], Cells], list[Difference]]:
    found: dict[tuple[object, ...], Cells] = {}
    repeated: list[Difference] = []
    for row in rows:
        row_key = tuple(row[column] for column in key)
        if row_key in found:
            sides = ("a single row", "repeated") if in_actual else ("repeated", "not looked at")
            repeated.append(Difference(row_key, WHOLE_ROW, *sides))
        found.setdefault(row_key, row)
    return found, repeated


def _compare_cells(
    row_key: tuple[object, ...], expected: Cells, actual: Cells, ignore: Collection[str]
) -> list[Difference]:
    columns = [column for column in dict.fromkeys([*expected, *actual]) if column not in ignore]
    pairs = ((column, expected.get(column, ABSENT), actual.get(column, ABSENT)) for column in columns)
    return [
        Difference(row_key, column, wanted, found)
        for column, wanted, found in pairs
        if type(wanted) is not type(found) or wanted != found
    ]
