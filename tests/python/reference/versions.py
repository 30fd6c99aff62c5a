"""Which landed rows are current: one version of each line, one set of options per line."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from .cleaning import clean, clean_id
from .inputs import OrderItem, OrderItemOption

LineKey = tuple[str, str]


@dataclass(frozen=True)
class ChosenOption:
    """An option row, cleaned, without its line's key: equal ones are copies."""

    group_name: str | None
    name: str | None
    price: Decimal
    quantity: int


@dataclass(frozen=True)
class CountedOptions:
    """The option set of each line, how many copies were left out, and how many lines had earlier sets."""

    by_line: dict[LineKey, set[ChosenOption]]
    duplicates: int
    replaced_sets: int

    def orphans(self, lines: dict[LineKey, OrderItem]) -> int:
        """Return how many options of the sets belong to a line that is not there."""
        return sum(len(options) for key, options in self.by_line.items() if key not in lines)


def line_key(row: OrderItem | OrderItemOption) -> LineKey:
    """Return the cleaned (order_id, lineitem_id)."""
    return clean_id(row.order_id), clean_id(row.lineitem_id)


def current_lines(rows: list[OrderItem]) -> dict[LineKey, OrderItem]:
    """Return the latest version of each line: the later load, then the row further down."""
    oldest_first = sorted(rows, key=lambda row: (row.load_id, row.source_row_number))
    return {line_key(row): row for row in oldest_first}


def counted_options(rows: list[OrderItemOption]) -> CountedOptions:
    """Return of each line the options of the latest load that has any for it."""
    by_line_and_load: dict[LineKey, dict[int, list[ChosenOption]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        option = ChosenOption(
            clean(row.option_group_name), clean(row.option_name), row.option_price, row.option_quantity
        )
        by_line_and_load[line_key(row)][row.load_id].append(option)
    latest = {key: loads[max(loads)] for key, loads in by_line_and_load.items()}
    by_line = {key: set(options) for key, options in latest.items()}
    duplicates = sum(len(latest[key]) - len(by_line[key]) for key in latest)
    return CountedOptions(by_line, duplicates, sum(len(loads) > 1 for loads in by_line_and_load.values()))
