"""Looking at computed rows in tests."""

from decimal import Decimal

from .facts import Row
from .inputs import RawTables, Seeds, Settings
from .tables import compute


def rows_of(
    table: str, raw: RawTables, settings: Settings | None = None, seeds: Seeds | None = None
) -> list[Row]:
    """Return one table of a company, with settings and seeds as shipped unless told otherwise."""
    return compute(raw, settings or Settings(), seeds or Seeds())[table]


def only(table: str, raw: RawTables, settings: Settings | None = None, seeds: Seeds | None = None) -> Row:
    """Return the only row of a table.

    Raises:
        ValueError: if there is none, or more than one.
    """
    (row,) = rows_of(table, raw, settings, seeds)
    return row


def by(column: str, rows: list[Row]) -> dict[object, Row]:
    """Return rows by a column."""
    return {row[column]: row for row in rows}


def total(rows: list[Row], column: str) -> Decimal:
    """Return the sum of a column of numbers."""
    return sum((Decimal(str(row[column])) for row in rows), start=Decimal(0))


def column_of(row: Row, *columns: str) -> tuple[object, ...]:
    """Return some cells of a row."""
    return tuple(row[column] for column in columns)
