"""Single records put between the others: those that a load must reject, and odd ones that it must accept."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

import numpy as np

from sales_loader.contract import TABLES
from sample_data.company import calendar
from sample_data.company.sample import Sample, hex_id
from sample_data.files import render
from sample_data.files.writer import END, MIDDLE, TOP, Splice
from sample_data.plan import Array, Columns, Plan

Edit = dict[str, str]
"""New texts by column; `{}` in one stands for the text that was there."""

MOST_DAYS = 8
"""Generic dirt goes to the files of so many days at most, so that other days keep room for other dirt."""

_LONG_ID, _LONG_ID_ACCENTED = "a" * 65, "\u00e9" * 33
_LONG_NAME, _LONG_NAME_EURO = "n" * 513, "\u20ac" * 171

ITEM_REJECTS: tuple[tuple[str, Edit], ...] = (
    ("missing_order_id", {"ORDER_ID": ""}),
    ("missing_order_id", {"ORDER_ID": "   "}),
    ("missing_order_id", {"ORDER_ID": "", "ITEM_PRICE": "abc", "CURRENCY": "US"}),
    ("missing_order_id", {"ORDER_ID": "NULL"}),
    ("missing_order_id", {"ORDER_ID": "0" * 24}),
    ("missing_lineitem_id", {"LINEITEM_ID": "", "ITEM_QUANTITY": "0"}),
    ("missing_lineitem_id", {"LINEITEM_ID": " \t"}),
    ("missing_lineitem_id", {"LINEITEM_ID": "", "RESTAURANT_ID": ""}),
    ("missing_restaurant_id", {"RESTAURANT_ID": ""}),
    ("missing_restaurant_id", {"RESTAURANT_ID": "  "}),
    ("missing_restaurant_id", {"RESTAURANT_ID": "", "CREATION_TIME_UTC": ""}),
    ("mangled_id", {"ORDER_ID": "6.13E+23"}),
    ("mangled_id", {"LINEITEM_ID": "6.13000E+23", "ITEM_PRICE": ""}),
    ("mangled_id", {"RESTAURANT_ID": " 6E23 "}),
    ("mangled_id", {"USER_ID": "6.13E-05"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": ""}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "1970-01-01T00:00:00Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "1989-12-31T23:59:59.999999Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-05-17T12:30:00"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-05-17T12:30:00.1234567Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-02-30T12:30:00Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2023-02-29T12:30:00Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-05-17 12:30:00Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-05-17T12:30:00+00:00"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "2024-05-17T25:30:00Z"}),
    ("bad_creation_time", {"CREATION_TIME_UTC": "17/05/2024 12:30"}),
    ("bad_item_price", {"ITEM_PRICE": ""}),
    ("bad_item_price", {"ITEM_PRICE": "abc"}),
    ("bad_item_price", {"ITEM_PRICE": "1e9"}),
    ("bad_item_price", {"ITEM_PRICE": "1.23456"}),
    ("bad_item_price", {"ITEM_PRICE": "1.00000"}),
    ("bad_item_price", {"ITEM_PRICE": "100000000000000"}),
    ("bad_item_price", {"ITEM_PRICE": "7,25"}),
    ("bad_item_price", {"ITEM_PRICE": "$7.25"}),
    ("bad_item_price", {"ITEM_PRICE": "."}),
    ("bad_item_price", {"ITEM_PRICE": "NaN"}),
    ("bad_item_quantity", {"ITEM_QUANTITY": ""}),
    ("bad_item_quantity", {"ITEM_QUANTITY": "2.5"}),
    ("bad_item_quantity", {"ITEM_QUANTITY": "1000000000"}),
    ("bad_item_quantity", {"ITEM_QUANTITY": "two"}),
    ("bad_is_loyalty", {"IS_LOYALTY": "maybe"}),
    ("bad_is_loyalty", {"IS_LOYALTY": "TRUE FALSE"}),
    ("bad_is_loyalty", {"IS_LOYALTY": "?", "CURRENCY": "US"}),
    ("bad_currency", {"CURRENCY": "US"}),
    ("bad_currency", {"CURRENCY": "12$"}),
    ("bad_currency", {"CURRENCY": "USDX"}),
    ("too_long", {"ORDER_ID": _LONG_ID}),
    ("too_long", {"LINEITEM_ID": _LONG_ID}),
    ("too_long", {"USER_ID": _LONG_ID_ACCENTED}),
    ("too_long", {"RESTAURANT_ID": _LONG_ID}),
    ("too_long", {"ITEM_NAME": _LONG_NAME}),
    ("too_long", {"ITEM_NAME": _LONG_NAME_EURO}),
    ("too_long", {"APP_NAME": _LONG_NAME}),
    ("too_long", {"ITEM_CATEGORY": f"Drip Chttps://menu.example/{'x' * 500}#offee"}),
)

OPTION_REJECTS: tuple[tuple[str, Edit], ...] = (
    ("missing_order_id", {"ORDER_ID": ""}),
    ("missing_order_id", {"ORDER_ID": " ", "LINEITEM_ID": ""}),
    ("missing_order_id", {"ORDER_ID": "\t", "OPTION_PRICE": "abc"}),
    ("missing_lineitem_id", {"LINEITEM_ID": ""}),
    ("missing_lineitem_id", {"LINEITEM_ID": "  "}),
    ("missing_lineitem_id", {"LINEITEM_ID": "", "OPTION_QUANTITY": ""}),
    ("mangled_id", {"ORDER_ID": "6.13E+23", "OPTION_PRICE": ""}),
    ("mangled_id", {"LINEITEM_ID": "6.13E+23"}),
    ("mangled_id", {"LINEITEM_ID": "61E+22"}),
    ("bad_option_price", {"OPTION_PRICE": ""}),
    ("bad_option_price", {"OPTION_PRICE": "free"}),
    ("bad_option_price", {"OPTION_PRICE": "1e9"}),
    ("bad_option_price", {"OPTION_PRICE": "1.23456"}),
    ("bad_option_price", {"OPTION_PRICE": "-100000000000000"}),
    ("bad_option_quantity", {"OPTION_QUANTITY": ""}),
    ("bad_option_quantity", {"OPTION_QUANTITY": "2.5"}),
    ("bad_option_quantity", {"OPTION_QUANTITY": "1000000000"}),
    ("too_long", {"ORDER_ID": _LONG_ID}),
    ("too_long", {"LINEITEM_ID": _LONG_ID_ACCENTED}),
    ("too_long", {"OPTION_NAME": _LONG_NAME_EURO}),
    ("too_long", {"OPTION_GROUP_NAME": _LONG_NAME}),
)

REASONS = {table.name: table.reasons for table in TABLES}
"""Every reason for which a record is rejected, per table, in the order in which they apply."""

ITEM_ODDITIES: tuple[Edit, ...] = (
    {"ORDER_ID": "  {} ", "LINEITEM_ID": "\t{}", "RESTAURANT_ID": " {} ", "USER_ID": " {} "},
    {"ORDER_ID": "o" * 64, "LINEITEM_ID": "\u00e9" * 32},
    {"APP_NAME": " {} ", "CREATION_TIME_UTC": " {} "},
    {"APP_NAME": "", "ITEM_CATEGORY": "", "ITEM_NAME": ""},
    {"ITEM_CATEGORY": "   "},
    {"ITEM_CATEGORY": "https://menu.example/no-end"},
    {"ITEM_NAME": "\u20ac" * 170 + "ab"},
    {"ITEM_NAME": 'Two\nlines, "quoted"\nand a third'},
    {"ITEM_NAME": "No-break\u00a0space \t and  blanks"},
    {"ITEM_PRICE": ".5"},
    {"ITEM_PRICE": "5."},
    {"ITEM_PRICE": "+5"},
    {"ITEM_PRICE": "-3.25", "ITEM_QUANTITY": "-1"},
    {"ITEM_PRICE": "7.1250"},
    {"ITEM_PRICE": "0", "ITEM_QUANTITY": "0"},
    {"ITEM_PRICE": " 0012.50 "},
    {"ITEM_QUANTITY": "2.0"},
    {"ITEM_QUANTITY": " 3 "},
    {"IS_LOYALTY": "true", "PRINTED_CARD_NUMBER": "100000000001"},
    {"IS_LOYALTY": "False", "PRINTED_CARD_NUMBER": ""},
    {"IS_LOYALTY": "", "PRINTED_CARD_NUMBER": ""},
    {"CURRENCY": " usd "},
    {"CURRENCY": "eur"},
    {"IS_LOYALTY": "NULL", "PRINTED_CARD_NUMBER": "null", "ITEM_CATEGORY": "Null", "ITEM_NAME": "\\N"},
    *({"USER_ID": word} for word in ("  ", "NULL", "\\N", "None", "n/a", "NaN", "0" * 24)),
)

OPTION_ODDITIES: tuple[Edit, ...] = (
    {"ORDER_ID": " {} ", "LINEITEM_ID": "{}\t"},
    {"OPTION_GROUP_NAME": "", "OPTION_NAME": ""},
    {"OPTION_GROUP_NAME": " Extras ", "OPTION_NAME": "extra  pickles"},
    {"OPTION_PRICE": ".5", "OPTION_NAME": "Half price"},
    {"OPTION_PRICE": "1.", "OPTION_NAME": "Dollar extra"},
    {"OPTION_PRICE": "+1", "OPTION_QUANTITY": "1.0", "OPTION_NAME": "Plus one"},
    {"OPTION_PRICE": "0.0000", "OPTION_QUANTITY": "0", "OPTION_NAME": "None of it"},
    {"OPTION_PRICE": "-.25", "OPTION_GROUP_NAME": "Discount", "OPTION_NAME": "Goodwill"},
    {"OPTION_NAME": "\u20ac" * 170 + "ab"},
)

ORPHANS = 28
"""Options of lines that never come, as many as in the real export."""

_NIGHT_TIMES = ("05:30:00Z", "06:30:00.5Z", "06:59:59.999Z", "07:00:00Z")
"""Around the changes of the clock in New York, between 00:30 and 03:00 local time of the same date."""


@dataclass(frozen=True)
class _Template:
    """A record of the sample as texts, and the day of its file."""

    day: int
    record: dict[str, str]


def make_splices(sample: Sample) -> tuple[list[Splice], int]:
    """All records to put into a sample's files, and the number of orders that are in accepted ones only."""
    items = _templates(sample, "order_items", sample.lines)
    options = _templates(sample, "order_item_options", sample.options)
    numbers = count()
    odd = list(_item_oddities(sample, items, numbers))
    splices = [
        *_rejects("order_items", ITEM_REJECTS, items),
        *_rejects("order_item_options", OPTION_REJECTS, options),
        *odd,
        *_option_oddities(sample, options),
        *_repeats(items),
        *_empty_lines(items),
    ]
    return splices, len(odd)


def _templates(sample: Sample, table: str, rows: Columns) -> list[_Template]:
    """Up to eight records, each of another day, by day; lines are sales to known customers if any are."""
    usual = rows["quantity"] > 0
    if table == "order_items":
        usual = usual & (rows["cents"] > 0) & (rows["customer"] >= 0)
    usual = usual | ~usual.any()
    days, first = np.unique(rows["day"][usual], return_index=True)
    at = np.linspace(0, len(days) - 1, min(MOST_DAYS, len(days))).round().astype(int)
    chosen, part = days[at], _taken(rows, np.flatnonzero(usual)[first[at]])
    with render.connect(sample) as connection:
        records = render.rows_of(connection, table, part)
    return [_Template(int(day), record) for day, record in zip(chosen, records, strict=True)]


def _taken(rows: Columns, at: Array) -> Columns:
    return {name: column[at] for name, column in rows.items()}


def _text(fields: Iterable[str]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(fields)
    return target.getvalue()


def _edited(record: dict[str, str], edit: Edit) -> str:
    return _text(edit[name].replace("{}", old) if name in edit else old for name, old in record.items())


def _place(number: int) -> int:
    return (TOP, MIDDLE, END)[number % 3]


def _rejects(table: str, edits: tuple[tuple[str, Edit], ...], templates: list[_Template]) -> Iterator[Splice]:
    """Records to reject; they carry the ids of a good line, which they must not replace."""
    for number, template in enumerate(templates[:3]):
        fields, day, place = list(template.record.values()), template.day, _place(number)
        for record in (fields[: (-1, 3, 1)[number]], [*fields, *[""] * (number + 1)]):
            yield Splice(table, day, place, _text(record), "wrong_field_count")
    for number, (reason, edit) in enumerate(edits if templates else ()):
        template = templates[number % len(templates)]
        yield Splice(table, template.day, _place(number), _edited(template.record, edit), reason)


def _item_oddities(sample: Sample, templates: list[_Template], numbers: Iterator[int]) -> Iterator[Splice]:
    """Odd lines to accept, each the only one of its order."""
    for number, edit in enumerate(ITEM_ODDITIES):
        yield _odd_item(sample, templates[number % len(templates)], edit, next(numbers))
    for day, time in _special_times(sample.plan):
        template = _Template(day, templates[0].record)
        yield _odd_item(sample, template, {"CREATION_TIME_UTC": time}, next(numbers))


def _odd_item(sample: Sample, template: _Template, edit: Edit, number: int) -> Splice:
    ids = {name: hex_id(sample.plan.seed, f"odd {name}", number) for name in ("ORDER_ID", "LINEITEM_ID")}
    return Splice("order_items", template.day, _place(number), _edited(template.record | ids, edit))


def _special_times(plan: Plan) -> Iterator[tuple[int, str]]:
    """Times around the nights in which the clock changes, and noon of 29 February, with their day."""
    night, daytime = calendar.utc_offsets(plan)
    for day in np.flatnonzero(night != daytime).tolist():
        for time in _NIGHT_TIMES:
            yield day, f"{plan.date_of(day).isoformat()}T{time}"
    for day, date in enumerate(calendar.dates(plan)):
        if (date.month, date.day) == (2, 29):
            yield day, f"{date.isoformat()}T17:00:00.00Z"


def _option_oddities(sample: Sample, templates: list[_Template]) -> Iterator[Splice]:
    """Odd options to accept, and options of lines that are not there."""
    for number, edit in enumerate(OPTION_ODDITIES if templates else ()):
        template = templates[number % len(templates)]
        yield Splice("order_item_options", template.day, _place(number), _edited(template.record, edit))
    for number in range(ORPHANS if templates else 0):
        template = templates[number % len(templates)]
        ids = {
            name: hex_id(sample.plan.seed, f"orphan {name}", number) for name in ("ORDER_ID", "LINEITEM_ID")
        }
        yield Splice("order_item_options", template.day, _place(number), _edited(template.record | ids, {}))


def _repeats(templates: list[_Template]) -> Iterator[Splice]:
    """Lines that come again at another price: further down in their file, and in a later day's file."""
    for number, template in enumerate(templates[:4]):
        later = templates[min(number + 1, len(templates) - 1)].day
        for day, more in ((template.day, 1), (later, 2)):
            price = str(Decimal(template.record["ITEM_PRICE"]) + more)
            yield Splice("order_items", day, END, _edited(template.record, {"ITEM_PRICE": price}))


def _empty_lines(templates: list[_Template]) -> Iterator[Splice]:
    for template in templates[:2]:
        for table in ("order_items", "order_item_options"):
            for text in ("", "," * (len(render.HEADERS[table]) - 1)):
                yield from (Splice(table, template.day, place, text) for place in (TOP, MIDDLE, END))
