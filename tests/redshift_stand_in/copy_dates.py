"""Dates and times as COPY reads them: by Redshift's format strings, or recognised by itself."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from .copy_errors import CopyFailed

DEFAULT_DATE_FORMAT = "YYYY-MM-DD"
DEFAULT_TIME_FORMAT = "YYYY-MM-DD HH:MI:SS"
AUTO = "auto"

Reader = Callable[[str], datetime.datetime | None]

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_PART = re.compile(r"YYYY|YY|MON|MM|DD|HH24|HH12|HH|MI|SS|AM|PM|[A-Z]|[^A-Z]", re.IGNORECASE)
_PATTERNS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short_year>\d{2})",
    "MM": r"(?P<month>\d{2})",
    "MON": r"(?P<month_name>[A-Za-z]{3,9})",
    "DD": r"(?P<day>\d{2})",
    "HH": r"(?P<hour>\d{2})",
    "HH24": r"(?P<hour>\d{2})",
    "HH12": r"(?P<half_hour>\d{2})",
    "MI": r"(?P<minute>\d{2})",
    "SS": r"(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?",
    "AM": r"(?P<meridian>[AaPp][Mm])",
    "PM": r"(?P<meridian>[AaPp][Mm])",
    "T": "T",  # of ISO 8601; other letters are no separators
}
_TIME = r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?)?"
_OFFSET = r"(?:\s?(?P<offset>Z|[+-]\d{2}(?::?\d{2})?))?"
_RECOGNISED = [
    re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:[ T]{_TIME}{_OFFSET})?", re.ASCII),
    re.compile(
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?: (?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d))?",
        re.ASCII,
    ),
    re.compile(rf"(?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{{4}})(?: {_TIME}{_OFFSET})?", re.ASCII),
]


def reader(format_string: str) -> Reader:
    """A function that reads one value, None when the value does not fit.

    An exact format wants the digits it names, two for a month, and nothing around them; seconds may have a
    fraction of up to six digits. ``auto`` takes ISO 8601 with or without a time and an offset, ``YYYYMMDD``
    with ``HHMISS``, and ``MM/DD/YYYY``: the forms of Redshift's list that leave no doubt, not all of them.

    Args:
        format_string: a DATEFORMAT or TIMEFORMAT, or ``auto``.

    Raises:
        CopyFailed: the format names a part that COPY does not know, or no whole date.
    """
    patterns = _RECOGNISED if format_string == AUTO else [_compiled(format_string)]

    def read(value: str) -> datetime.datetime | None:
        for pattern in patterns:
            if match := pattern.fullmatch(value):
                return _moment(match.groupdict())
        return None

    return read


def _compiled(format_string: str) -> re.Pattern[str]:
    parts = [part.upper() for part in _PART.findall(format_string)]
    unknown = [part for part in parts if part[0].isalpha() and part not in _PATTERNS]
    text = "".join(_PATTERNS.get(part) or re.escape(part) for part in parts)
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error:  # a part is named twice
        unknown = parts
    if unknown or not _names_a_date(set(parts)):
        raise CopyFailed(f"Invalid date or time format string '{format_string}'")
    return pattern


def _names_a_date(parts: set[str]) -> bool:
    return bool(parts & {"YYYY", "YY"} and parts & {"MM", "MON"} and "DD" in parts)


def _moment(found: dict[str, str | None]) -> datetime.datetime | None:
    try:
        return datetime.datetime(
            _year(found),
            _month(found),
            int(found["day"] or 0),
            _hour(found),
            int(found.get("minute") or 0),
            int(found.get("second") or 0),
            int((found.get("fraction") or "0").ljust(6, "0")),
            _zone(found.get("offset")),
        )
    except ValueError:
        return None


def _year(found: dict[str, str | None]) -> int:
    short = found.get("short_year")
    if short is None:
        return int(found["year"] or 0)
    return int(short) + (2000 if int(short) < 70 else 1900)


def _month(found: dict[str, str | None]) -> int:
    name = (found.get("month_name") or "").lower()
    if not name:
        return int(found["month"] or 0)
    return next((at for at, month in enumerate(_MONTHS, 1) if name in (month, month[:3])), 0)


def _hour(found: dict[str, str | None]) -> int:
    half = found.get("half_hour")
    if half is None:
        return int(found.get("hour") or 0)
    if not 1 <= int(half) <= 12:
        raise ValueError(half)
    afternoon = (found.get("meridian") or "am").lower() == "pm"
    return int(half) % 12 + (12 if afternoon else 0)


def _zone(offset: str | None) -> datetime.timezone | None:
    if offset is None:
        return None
    if offset == "Z":
        return datetime.UTC
    minutes = int(offset[1:3]) * 60 + int(offset[3:].lstrip(":") or 0)
    return datetime.timezone(datetime.timedelta(minutes=-minutes if offset[0] == "-" else minutes))
