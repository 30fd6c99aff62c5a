"""Dirt of whole files: headers, columns, line ends, and the calendar file."""

from __future__ import annotations

import numpy as np

from sample_data.company import calendar
from sample_data.company.sample import Sample
from sample_data.files.render import EXTRA_COLUMN, HEADERS
from sample_data.files.writer import Shape
from sample_data.plan import Plan


def shapes(sample: Sample, taken: set[int]) -> dict[tuple[str, int | None], Shape]:
    """Lower-case headers in reverse order, one more column, CRLF: each in the files of a day not `taken`."""
    items, options = HEADERS["order_items"], HEADERS["order_item_options"]
    backwards = tuple(name.lower() for name in reversed(items))
    options_backwards = tuple(name.title() for name in reversed(options))
    longer = (*items[:5], EXTRA_COLUMN, *items[5:])
    free = [int(day) for day in np.unique(sample.lines["day"]) if int(day) not in taken]
    ways = [
        (Shape(backwards), Shape(options_backwards)),
        (Shape(longer), Shape()),
        (Shape(crlf=True), Shape(crlf=True)),
    ]
    pairs = zip(free, ways, strict=False)
    return {
        (table, day): shape
        for day, both in pairs
        for table, shape in zip(("order_items", "order_item_options"), both, strict=True)
    }


def dirty_dates(plan: Plan) -> tuple[list[str], list[list[str]], dict[int, str]]:
    """The calendar file with one column more and bad rows at its end: header, rows, reason by row number."""
    rows = [[*row, "from head office"] for row in calendar.date_dim(plan)]
    rows[0][0], rows[1][5], rows[2][6] = f" {rows[0][0]} ", rows[1][5].lower(), rows[2][6].lower()
    good = list(rows[3])
    rows += [[""] * len(good), rows[4][:-1], rows[5][:-2]]
    bad = [
        ("wrong_field_count", good[:6]),
        ("wrong_field_count", [*good, "more"]),
        ("wrong_field_count", ["total"]),
        *(("bad_date_key", [key, *good[1:]]) for key in ("2024-01-31", "31-02-2024", "", "soon")),
        *(("bad_is_holiday", [*good[:6], flag, *good[7:]]) for flag in ("maybe", "Y", "2")),
    ]
    reasons = {len(rows) + number: reason for number, (reason, _) in enumerate(bad, start=1)}
    return [*calendar.DATE_DIM_HEADER, "notes"], rows + [row for _, row in bad], reasons
