"""One field of a file turned into one value of PostgreSQL's COPY text format, by the type of its column."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from .copy_command import CopyCommand
from .copy_dates import AUTO, DEFAULT_DATE_FORMAT, DEFAULT_TIME_FORMAT, reader
from .copy_errors import CopyFailed

Converter = Callable[[str], str]
NULL = "\\N"

_LONGEST = 65_535
_REMEMBERED = 8_192  # values per column: days, hours and prices come again and again
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r"[\\\n\r\t]")
_INVALID = re.compile("[\udc80-\udcff]+")
_LONGEST_INTEGER = 19
_REAL_LIMIT = 3.4028235e38
_EXACT = Context(prec=100)  # NUMERIC has 38 digits, more than arithmetic keeps by itself


class BadValueError(Exception):
    """A field does not fit its column."""

    def __init__(self, error_code: int, message: str) -> None:
        super().__init__(message)
        self.error_code = error_code
        self.message = message


@dataclass(frozen=True)
class ColumnType:
    """A type by the name and the length that Redshift's system tables give it.

    Attributes:
        name: such as ``varchar``, ``int4``, ``numeric``.
        length: such as ``64`` or ``18, 4``; empty for types without one.
    """

    name: str
    length: str

    @property
    def is_text(self) -> bool:
        """Whether the column holds CHAR or VARCHAR."""
        return self.name in ("varchar", "char")


_NAMES = {
    "smallint": "int2",
    "integer": "int4",
    "bigint": "int8",
    "numeric": "numeric",
    "real": "float4",
    "double precision": "float8",
    "boolean": "bool",
    "date": "date",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "character varying": "varchar",
    "text": "varchar",
    "character": "char",
}
_LENGTHS = {"varchar": str(_LONGEST), "char": "1", "numeric": "18, 0"}
_INTEGERS = {"int2": ("Short", 16), "int4": ("Integer", 32), "int8": ("Long", 64)}
_BOOLEANS = {
    **dict.fromkeys(("t", "true", "y", "yes", "1"), "t"),
    **dict.fromkeys(("f", "false", "n", "no", "0"), "f"),
}


def column_type(text: str) -> ColumnType:
    """Read a type as PostgreSQL's ``format_type()`` prints it.

    Raises:
        CopyFailed: the stand-in's COPY does not load this type.
    """
    match = re.fullmatch(r"([a-z ]+?)(?:\((\d+)(?:,(\d+))?\))?( with(?:out)? time zone)?", text)
    name = _NAMES.get(match.group(1) + (match.group(4) or "")) if match else None
    if match is None or name is None:
        raise CopyFailed(f"The stand-in's COPY does not load columns of type {text}")
    if name not in _LENGTHS:
        return ColumnType(name, "")
    if match.group(2) is None:
        return ColumnType(name, _LENGTHS[name])
    scale = f", {match.group(3) or 0}" if name == "numeric" else ""
    return ColumnType(name, match.group(2) + scale)


def converter(column: ColumnType, command: CopyCommand) -> Converter:
    """The function that turns a field of a column into PostgreSQL's text, the null marker for NULL.

    The function raises BadValueError when the field does not fit. An empty or blank field is NULL in every
    column but CHAR and VARCHAR.

    Raises:
        CopyFailed: DATEFORMAT or TIMEFORMAT is not a format.
    """
    if column.is_text:
        return _text(column, command)
    convert = _converter_of_values(column, command)
    null_as = command.null_as

    def nullable(value: str) -> str:
        if not value or value == null_as or value.isspace():
            return NULL
        return convert(value)

    return nullable


def replace_invalid(value: str, character: str) -> str:
    """A field with each byte that is not UTF-8 replaced, as ACCEPTINVCHARS does."""
    return _INVALID.sub(lambda match: character * len(match.group()), value)


def check_encoding(value: str) -> None:
    """Refuse a field with bytes that are not UTF-8.

    Raises:
        BadValueError: with the first such bytes in hexadecimal, as the guide shows it.
    """
    if match := _INVALID.search(value):
        sequence = match.group().encode(errors="surrogateescape").hex(" ")
        raise BadValueError(
            1220,
            f"String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: {sequence}",
        )


def _converter_of_values(column: ColumnType, command: CopyCommand) -> Converter:
    if column.name in _INTEGERS:
        return _integer(*_INTEGERS[column.name])
    if column.name == "numeric":
        return lru_cache(_REMEMBERED)(_decimal(column, round_it=command.round_decimals))
    if column.name in ("float4", "float8"):
        return _float(column.name)
    if column.name == "bool":
        return _boolean
    if column.name == "date":
        return lru_cache(_REMEMBERED)(_date(command.date_format))
    return lru_cache(_REMEMBERED)(_timestamp(command.time_format, zoned=column.name == "timestamptz"))


def _text(column: ColumnType, command: CopyCommand) -> Converter:
    limit, single_byte = int(column.length), column.name == "char"
    null_as, cut = command.null_as, command.truncate_columns
    blank_is_null, empty_is_null = command.blanks_as_null, command.empty_as_null

    def convert(value: str) -> str:
        if value == null_as or (empty_is_null and not value):
            return NULL
        if blank_is_null and value.isspace():
            return NULL
        if single_byte and not value.isascii():
            raise _multibyte(value)
        if len(value) > limit or (not value.isascii() and len(value.encode()) > limit):
            if not cut:
                raise BadValueError(1204, "String length exceeds DDL length")
            value = value.encode()[:limit].decode(errors="ignore")
        if _ESCAPED.search(value):
            return _ESCAPED.sub(lambda match: _ESCAPES[match.group()], value)
        return value

    return convert


def _multibyte(value: str) -> BadValueError:
    character = next(character for character in value if not character.isascii())
    sequence = character.encode().hex(" ")
    return BadValueError(
        1220,
        f"Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: {sequence}",
    )


def _integer(type_name: str, bits: int) -> Converter:
    pattern = re.compile(r"([+-]?)0*([0-9]+)")
    limit = 1 << (bits - 1)

    def convert(value: str) -> str:
        match = pattern.fullmatch(value)
        if match is None:
            raise _invalid_digit(value, "[+-]?[0-9]*", type_name)
        sign, digits = match.groups()
        # The length first, since Python itself refuses to read thousands of digits.
        if len(digits) > _LONGEST_INTEGER or not -limit <= int(sign + digits) < limit:
            raise BadValueError(1222, f"Integer value overflow, Value '{value}', Type: {type_name}")
        return value

    return convert


def _decimal(column: ColumnType, *, round_it: bool) -> Converter:
    precision, scale = (int(number) for number in column.length.split(", "))
    pattern = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
    step, limit = Decimal(1).scaleb(-scale), Decimal(10) ** (precision - scale)
    rounding = ROUND_HALF_UP if round_it else ROUND_DOWN

    def convert(value: str) -> str:
        if not pattern.fullmatch(value):
            raise _invalid_digit(value, r"[+-]?[0-9]*\.?[0-9]*", "Decimal")
        number = Decimal(value)
        # Before, since a number far too long cannot be cut; after, since rounding may add a digit.
        if number.copy_abs() < limit:
            number = number.quantize(step, rounding, _EXACT)
        if number.copy_abs() >= limit:
            raise BadValueError(1204, f"Overflow for NUMERIC({precision},{scale})")
        return f"{number:f}"

    return convert


def _float(name: str) -> Converter:
    pattern = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
    limit = _REAL_LIMIT if name == "float4" else float("inf")

    def convert(value: str) -> str:
        if not pattern.fullmatch(value):
            raise BadValueError(1208, f"Invalid value '{value}' for type {name}")
        if abs(float(value)) >= limit:
            raise BadValueError(1204, f"Overflow, Value '{value}', Type: {name}")
        return value

    return convert


def _boolean(value: str) -> str:
    found = _BOOLEANS.get(value.lower())
    if found is None:
        raise BadValueError(1210, f"Invalid boolean value '{value}'")
    return found


def _date(date_format: str | None) -> Converter:
    exact = DEFAULT_DATE_FORMAT if date_format is None else date_format
    read = reader(exact)

    def convert(value: str) -> str:
        moment = read(value)
        if moment is None:
            short = exact == DEFAULT_DATE_FORMAT and len(value) < len(exact)
            reason = "length must be 10 or more" if short else f"value does not match [{exact}]"
            raise BadValueError(1205, f"Invalid Date Format - {reason}")
        return moment.date().isoformat()

    return convert


def _timestamp(time_format: str | None, *, zoned: bool) -> Converter:
    default = AUTO if zoned else DEFAULT_TIME_FORMAT
    exact = default if time_format is None else time_format
    read = reader(exact)

    def convert(value: str) -> str:
        moment = read(value)
        if moment is None:
            raise BadValueError(1206, f"Invalid timestamp format or value [{exact}]")
        # TIMESTAMP has no zone: as in PostgreSQL, an offset in the value is read over, not applied.
        zone = moment.tzinfo or datetime.UTC
        return moment.replace(tzinfo=zone if zoned else None).isoformat(" ")

    return convert


def _invalid_digit(value: str, beginning: str, type_name: str) -> BadValueError:
    match = re.match(beginning, value)
    position = min(match.end() if match else 0, len(value) - 1)
    return BadValueError(1207, f"Invalid digit, Value '{value[position]}', Pos {position}, Type: {type_name}")
