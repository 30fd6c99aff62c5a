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


def reason(header: list[str], row: list[str]) -> str | None:
    """The first reason to reject a record, None for a good one."""
    if len(row) != len(header):
        return "wrong_field_count"
    record = {name.upper(): value.strip(WHITE) for name, value in zip(header, row, strict=True)}
    return next((name for name, bad in _checks(record) if bad), None)


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
    return [
        *missing,
        *(_item_checks(record) if "ITEM_PRICE" in record else _option_checks(record)),
        ("too_long", long),
    ]


def _date_checks(record: Record) -> Iterable[tuple[str, bool]]:
    key = re.fullmatch(r"(\d\d)-(\d\d)-(\d{4})", record["DATE_KEY"])
    yield "bad_date_key", not (key and _is_date(key[3], key[2], key[1]))
    yield "bad_is_holiday", record["IS_HOLIDAY"].upper() not in ("TRUE", "FALSE")


def _item_checks(record: Record) -> Iterable[tuple[str, bool]]:
    time = _TIME.fullmatch(record["CREATION_TIME_UTC"])
    yield "bad_creation_time", not (time and _is_date(time[1], time[2], time[3]))
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
