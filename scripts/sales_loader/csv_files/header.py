"""Which kind of sales file a header belongs to, and where its columns are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sales_loader.contract import TABLES, WHITE_SPACE, Table, expected_headers
from sales_loader.errors import RefusedFileError
from sales_loader.privacy import quoted

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Layout:
    """A recognised header.

    Attributes:
        table: the kind of file.
        positions: place of each of the table's columns in the file, from 0.
        width: number of columns in the file.
        extras: names of columns that are in the file but not in the contract, as in the header.
    """

    table: Table
    positions: dict[str, int]
    width: int
    extras: tuple[str, ...]

    @property
    def extra_positions(self) -> tuple[int, ...]:
        """Places of the columns that the contract does not know."""
        return tuple(sorted(set(range(self.width)) - set(self.positions.values())))

    @property
    def ends_with_needed(self) -> bool:
        """Whether a row of which the last cell is lost is no good row."""
        return self.width - 1 in [self.positions[name] for name in self.table.needed]


def recognise(cells: Sequence[str]) -> Layout:
    """The kind of file a header belongs to; any case, any order, white space around names.

    Args:
        cells: the header's cells as they stand in the file.

    Raises:
        RefusedFileError: a column is missing or there twice, or no kind of file has such a header.
    """
    shown = _shown(cells)
    names = [cell.lower() for cell in shown]
    table = kind_of(cells)
    missing = [name.upper() for name in table.column_names if name not in names]
    if missing:
        raise RefusedFileError(
            f"column {', '.join(missing)} is missing from the header, which looks like {table.name}. "
            f"Expected {', '.join(table.column_names).upper()}, in any order. "
            "Export the file with all of them."
        )
    repeated = [name.upper() for name, count in Counter(filter(None, names)).items() if count > 1]
    if repeated:
        raise RefusedFileError(
            f"column {', '.join(map(quoted, repeated))} is in the header more than once. "
            "Keep the one that counts."
        )
    positions = {name: names.index(name) for name in table.column_names}
    extras = tuple(cell for cell, name in zip(shown, names, strict=True) if name not in positions)
    return Layout(table, positions, len(names), extras)


def kind_of(cells: Sequence[str]) -> Table:
    """The kind of file that a header looks like, whether it is complete or not.

    Args:
        cells: the header's cells as they stand in the file.

    Raises:
        RefusedFileError: it looks like none.
    """
    names = [cell.lower() for cell in _shown(cells)]
    shares = {table: len(set(table.column_names) & set(names)) / len(table.columns) for table in TABLES}
    best = max(shares, key=lambda table: shares[table])
    if shares[best] < 0.5 or sum(share == 1 for share in shares.values()) > 1:
        raise RefusedFileError(
            f"the first line is no header of a sales file: {quoted(','.join(names))}. "
            f"Expected comma-separated columns of one of {expected_headers()}.{_hint(names)}"
        )
    return best


def _shown(cells: Sequence[str]) -> list[str]:
    return [cell.lstrip(_BYTE_ORDER_MARK).strip(WHITE_SPACE) for cell in cells]


def _hint(names: Sequence[str]) -> str:
    separators = {";": "semicolons", "\t": "tabs", "|": "bars"}
    found = [word for sign, word in separators.items() if len(names) == 1 and sign in names[0]]
    return f" This file seems to separate its columns by {found[0]}." if found else ""
