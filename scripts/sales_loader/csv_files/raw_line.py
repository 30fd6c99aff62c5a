"""The text of a rejected row: its cells as one CSV line, without card numbers."""

from collections.abc import Callable

from sales_loader.contract import CARD, ID_BYTES, Column, trimmed_sql
from sales_loader.csv_files.header import Layout
from sales_loader.privacy import MASK, masked_sql

# Places count from 1. A cell that is null is not there: the row ends before it.
_LINE = """list_aggregate(
    list_transform(
        list_transform([{cells}], lambda cell, place: case {card}
            when place in ({ids}) and regexp_full_match(trim(cell), '[0-9A-Fa-f]{{24}}') then cell
            else {masked} end),
        lambda cell: case when regexp_matches(cell, '[",\\r\\n]') then '"' || replace(cell, '"', '""') || '"'
            else cell end),
    'string_agg', ',')"""
_CARD = "when place = {card} then case when {trimmed} is not null then '{mask}' else cell end"
# A comma too many before the card moves it one place on, and one in it leaves a part in the next place.
_BESIDE_CARD = """
    when place between {card} + least(list_count([{cells}]) - {width}, 0)
        and {card} + greatest(list_count([{cells}]) - {width}, 0)
        and regexp_full_match(cell, '[^A-Za-z]*[0-9][^A-Za-z]*') then '{mask}'"""


def sql(layout: Layout, spare: int) -> str:
    """SQL of a record as one CSV line, over ``csv_reader.checked_rows_sql``; card numbers are masked.

    The card column is always masked, another cell if it may hold a card number; a cell of an id column stays
    if it is 24 hexadecimal digits. In a row with too many or too few cells, the card may be beside its
    column, in parts: there a cell with digits and without letters is masked.

    Args:
        layout: where the file's columns are.
        spare: number of columns for surplus cells.
    """
    values = {
        "cells": ", ".join(f"f{place}" for place in range(layout.width + spare)),
        "width": layout.width,
        "ids": ", ".join(_places(layout, lambda column: column.max_bytes == ID_BYTES)) or "0",
        "masked": masked_sql("cell"),
        "trimmed": trimmed_sql("cell"),
        "mask": MASK,
    }
    cards = _places(layout, lambda column: column.kind is CARD)
    if not cards:
        return _LINE.format(card="", **values)
    as_wide, other = (
        _LINE.format(card=rule.format(card=cards[0], **values), **values)
        for rule in (_CARD, _CARD + _BESIDE_CARD)
    )
    # Written twice, as counting cells takes three times as long as all the rest.
    is_as_wide = f"f{layout.width} is null and f{layout.width - 1} is not null"
    return f"case when {is_as_wide} then {as_wide} else {other} end"


def _places(layout: Layout, wanted: Callable[[Column], bool]) -> list[str]:
    return [str(layout.positions[column.name] + 1) for column in layout.table.columns if wanted(column)]
