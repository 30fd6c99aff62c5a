"""The figures of the report: one query a block, on any warehouse, as columns of plain values."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

ReadTable = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
Block = dict[str, Any]

QUERIES = Path(__file__).parent / "queries"
PERIODS = (4, 13, 52)
MOST_PLACES = 400
_EPOCH = date(1970, 1, 1)
_YEAR = timedelta(weeks=52)
_COUNT_LOCATIONS = "select count(*) from marts.dim_locations"


@dataclass(frozen=True)
class BuiltMarts:
    """What the marts in use were built of and for.

    Attributes:
        as_of: the day that they describe; None where there is no order.
        first_day: the first business date of the data; None where there is no order.
        settings: variables of the models by name.
        has_food_costs: whether the company gave the food cost of a category that it sells.
    """

    as_of: date | None
    first_day: date | None
    settings: Mapping[str, Any]
    has_food_costs: bool = False

    @cached_property
    def last_week(self) -> date:
        """The Monday of the last week that ended by the as-of date."""
        as_of = self.as_of or _EPOCH
        return as_of - timedelta(days=as_of.isoweekday() % 7 + 6)

    @cached_property
    def first_week(self) -> date:
        """The Monday of the first complete week, by the rule of the mart sales_weekly."""
        first_day = self.first_day or self.as_of or _EPOCH
        days_missed = first_day.weekday()
        return first_day + timedelta(days=-days_missed if days_missed <= 2 else 7 - days_missed)

    def has_year_before(self, weeks: int) -> bool:
        """Whether the data cover the same weeks a year before."""
        return self._first_week_of(weeks) - _YEAR >= self.first_week

    def periods(self) -> str:
        """The periods of the report as a table in SQL.

        A row has its ``weeks``, the Mondays ``first_week`` and ``last_week``, and 1 in ``is_now`` or, a year
        before, in ``is_before``. It begins no earlier than the first complete week; a year before that the
        data do not cover has no row and no ``first_week_before``.
        """
        return "(" + " union all ".join(row for weeks in PERIODS for row in self._rows_of(weeks)) + ")"

    def _first_week_of(self, weeks: int) -> date:
        return self.last_week - timedelta(weeks=weeks - 1)

    def _rows_of(self, weeks: int) -> Iterator[str]:
        first, last = self._first_week_of(weeks), self.last_week
        has_before = self.has_year_before(weeks)
        before = f"date '{first - _YEAR}'" if has_before else "cast(null as date)"
        for years in range(1 + has_before):
            yield (
                f"select {weeks} as weeks, {1 - years} as is_now, {years} as is_before, "
                f"date '{max(first - years * _YEAR, self.first_week)}' as first_week, "
                f"date '{last - years * _YEAR}' as last_week, "
                f"{before} as first_week_before"
            )

    def describe(self) -> Block:
        """What the page must know besides the figures."""
        return {
            "as_of": _plain(self.as_of),
            "first_day": _plain(self.first_day),
            "first_week": _plain(self.first_week),
            "last_week": _plain(self.last_week),
            "has_food_costs": self.has_food_costs,
            "currency": str(self.settings["reporting_currency"]).upper(),
            "settings": {
                name: value for name, value in self.settings.items() if isinstance(value, (int, float))
            },
        }


def read_blocks(read: ReadTable, marts: BuiltMarts, queries: Path = QUERIES) -> dict[str, Block]:
    """Read all blocks of the report.

    In a query, ``{place}`` is what the page tells places apart by, an expression on a row of
    ``marts.dim_locations``: the location, or the region where there are too many of them. ``{periods}`` is
    the table of periods, ``{last_week}`` and ``{as_of}`` are dates. What is in the folder ``shared`` is a
    table under the name of its file.

    Args:
        read: gives names of the columns and rows of a statement.
        marts: what the marts were built for.
        queries: folder of a ``.sql`` file per block.

    Returns:
        Blocks by name, each with its columns by name; the column ``place`` holds positions in the block
        ``places``, dates are days since 1970-01-01.
    """
    has_detail = read(_COUNT_LOCATIONS)[1][0][0] <= MOST_PLACES
    names = {
        "place": "dim_locations.location_id" if has_detail else "coalesce(dim_locations.region, '')",
        "periods": marts.periods(),
        "last_week": f"date '{marts.last_week}'",
        "as_of": f"date '{marts.as_of or _EPOCH}'",
    }
    shared = {path.stem: f"({_text(path).format(**names)})" for path in queries.glob("shared/*.sql")}
    blocks = {
        path.stem: _columns(read(_text(path).format(**names, **shared)))
        for path in sorted(queries.glob("*.sql"))
    }
    positions = {place: position for position, place in enumerate(blocks["places"]["place"])}
    for name, block in blocks.items():
        if name != "places" and "place" in block:
            block["place"] = [positions.get(place) for place in block["place"]]
    return {**blocks, "company": {**marts.describe(), "has_detail": has_detail}}


def as_json(blocks: Mapping[str, Block]) -> bytes:
    """Blocks as JSON; the same rows give the same bytes."""
    return json.dumps(blocks, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _columns(table: tuple[Sequence[str], Sequence[Sequence[Any]]]) -> Block:
    names, rows = table
    return {name: [_plain(row[position]) for row in rows] for position, name in enumerate(names)}


def _plain(value: object) -> object:
    """A value that every engine and every browser has alike.

    Raises:
        TypeError: it is another one, such as a decimal or a fraction.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return (value - _EPOCH).days
        case _:
            raise TypeError(f"The report takes whole numbers, texts and dates, not {type(value).__name__}.")
