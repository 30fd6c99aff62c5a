"""Reads sample files with Python's csv module, and says why a record is bad."""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Record: TypeAlias = dict[str, str]
WHITE = " \t\r\n\f\v"

_MAY_BE_MISSING = {
    "USER_ID", "PRINTED_CARD_NUMBER", "ITEM_CATEGORY", "ITEM_NAME", "APP_NAME", "IS_LOYALTY",
    "OPTION_GROUP_NAME", "OPTION_NAME",
    "YEAR", "MONTH", "WEEK", "DAY_OF_WEEK", "IS_WEEKEND", "HOLIDAY_NAME", "NOTES",
}  # fmt: skip
_MANGLED = re.compile(r"\d+(\.\d*)?E[+-]?\d+")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z")
_PRICE = re.compile(r"[+-]?(\d{1,14}(\.\d{0,4})?|\.\d{1,4})")
_QUANTITY = re.compile(r"[+-]?\d{1,9}(\.0+)?")
_IDS = ("ORDER_ID", "USER_ID", "RESTAURANT_ID", "LINEITEM_ID")
_NAMES = ("APP_NAME", "ITEM_CATEGORY", "ITEM_NAME", "OPTION_GROUP_NAME", "OPTION_NAME")


def rows(path: Path) -> list[list[str]]:
    """Header and records as they stand, empty lines left out."""
    with path.open(encoding="utf-8", newline="") as source:
        return [row for row in csv.reader(source) if row]


def records(path: Path) -> list[Record]:
    """Records by upper-case column name."""
    header, *body = rows(path)
    return [dict(zip([name.upper() for name in header], row, strict=True)) for row in body]


def is_blank(row: list[str]) -> bool:
    """Whether a record is no row: nothing is in it but white space."""
    return not "".join(row).strip(WHITE)


def padded(header: list[str], row: list[str]) -> list[str]:
    """A record with the cells that may be missing at its end."""
    missing = [name.upper() for name in header[len(row) :]]
    return [*row, *[""] * len(missing)] if _MAY_BE_MISSING.issuperset(missing) else row


def reason(header: list[str], row: list[str]) -> str | None:
    """The first reason to reject a record, None for a good one."""
    row = padded(header, row)
    if len(row) != len(header):
        return "wrong_field_count"
    record = {name.upper(): written(name, value) for name, value in zip(header, row, strict=True)}
    return next((name for name, bad in _checks(record) if bad), None)


def written(name: str, value: str) -> str:
    """What a cell holds, trimmed: nothing where a program wrote a word for nothing."""
    value = value.strip(WHITE)
    is_null = value.upper() == "NULL" or value == "\\N"
    if name.upper() in _IDS:
        is_null = is_null or value.lower() in ("none", "nan", "n/a") or not value.strip("0")
    return "" if is_null else value


def _checks(record: Record) -> Iterable[tuple[str, bool]]:
    if "DATE_KEY" in record:
        return _date_checks(record)
    long = any(len(record.get(name, "").encode()) > 64 for name in _IDS)
    long = long or any(len(record.get(name, "").encode()) > 512 for name in _NAMES)
    missing = [
        (f"missing_{name.lower()}", not record[name])
        for name in ("ORDER_ID", "LINEITEM_ID", "RESTAURANT_ID")
        if name in record
    ]
    mangled = any(
        len(record.get(name, "")) < 24 and _MANGLED.fullmatch(record[name]) for name in _IDS if name in record
    )
    return [
        *missing,
        ("mangled_id", mangled),
        *(_item_checks(record) if "ITEM_PRICE" in record else _option_checks(record)),
        ("too_long", long),
    ]


def _date_checks(record: Record) -> Iterable[tuple[str, bool]]:
    key = re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", record["DATE_KEY"])
    yield "bad_date_key", not (key and _is_date(key[3], key[2], key[1]))
    yield "bad_is_holiday", record["IS_HOLIDAY"].upper() not in ("TRUE", "FALSE")


def _item_checks(record: Record) -> Iterable[tuple[str, bool]]:
    time = _TIME.fullmatch(record["CREATION_TIME_UTC"])
    yield "bad_creation_time", not (time and time[1] >= "1990" and _is_date(time[1], time[2], time[3]))
    yield "bad_item_price", not _PRICE.fullmatch(record["ITEM_PRICE"])
    yield "bad_item_quantity", not _QUANTITY.fullmatch(record["ITEM_QUANTITY"])
    yield "bad_is_loyalty", record["IS_LOYALTY"].upper() not in ("TRUE", "FALSE", "")
    yield "bad_currency", not re.fullmatch("[A-Za-z]{3}", record["CURRENCY"])


def _option_checks(record: Record) -> Iterable[tuple[str, bool]]:
    yield "bad_option_price", not _PRICE.fullmatch(record["OPTION_PRICE"])
    yield "bad_option_quantity", not _QUANTITY.fullmatch(record["OPTION_QUANTITY"])


def _is_date(year: str, month: str, day: str) -> bool:
    if not 1 <= int(month) <= 12:
        return False
    return 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]
