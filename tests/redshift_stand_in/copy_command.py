"""Redshift's COPY statement: what of it the stand-in understands, as a value.

The list of options is closed. What Redshift does not know is a syntax error, as there; what Redshift knows
and the stand-in does not is refused by name, so that nothing seems to work here without having been tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple


class CopyRefused(Exception):  # noqa: N818 - says what happened to the COPY
    """The statement is not a COPY that Redshift, or this stand-in, would run."""


@dataclass(frozen=True)
class CopyCommand:
    """A COPY from S3, every option resolved to its value or its default.

    ``date_format`` and ``time_format`` are None where Redshift's own default format applies, and ``auto``
    where it recognises the format by itself. ``invalid_characters_as`` is the character that ACCEPTINVCHARS
    puts in the place of each invalid byte.
    """

    schema: str | None
    table: str
    columns: tuple[str, ...]
    source: str
    iam_role: str
    manifest: bool = False
    csv: bool = False
    quote: str = '"'
    delimiter: str = "|"
    gzip: bool = False
    null_as: str = "\\N"
    empty_as_null: bool = False
    blanks_as_null: bool = False
    ignore_blank_lines: bool = False
    ignore_header: int = 0
    max_error: int = 0
    round_decimals: bool = False
    date_format: str | None = None
    time_format: str | None = None
    truncate_columns: bool = False
    invalid_characters_as: str | None = None
    fill_record: bool = False
    no_load: bool = False


def is_copy(sql: str) -> bool:
    """Whether a statement is a COPY, comments in front of it set aside.

    Args:
        sql: the text of one statement.
    """
    first = next((match for match in _TOKEN.finditer(sql) if match.lastgroup != "space"), None)
    return first is not None and first.group().upper() == "COPY"


def parse_copy(sql: str) -> CopyCommand:
    """Read a COPY statement.

    Args:
        sql: the text of one statement, comments allowed, one semicolon at the end allowed.

    Raises:
        CopyRefused: it is not a COPY from S3 by an IAM role, an option is unknown, repeated, out of range or
            in conflict with another one, or the stand-in does not support it.
    """
    return _Parser(_tokens(sql)).command()


class _Token(NamedTuple):
    kind: str  # word, string, name, number, sign or end
    text: str

    @property
    def keyword(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^'\\]|\\.|'')*')
      | (?P<name>"(?:[^"]|"")+")
      | (?P<word>[^\W\d][\w$]*)
      | (?P<number>\d+)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_END = _Token("end", "")
_ESCAPE = re.compile(r"\\([0-7]{1,3}|[\\tn'])")
_ROLE = re.compile(r"arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role/[\w+=,.@/-]*[\w+=.@/-]")
_MOST_ERRORS = 100_000

_FLAGS = {
    "MANIFEST": "manifest",
    "GZIP": "gzip",
    "EMPTYASNULL": "empty_as_null",
    "BLANKSASNULL": "blanks_as_null",
    "IGNOREBLANKLINES": "ignore_blank_lines",
    "ROUNDEC": "round_decimals",
    "TRUNCATECOLUMNS": "truncate_columns",
    "FILLRECORD": "fill_record",
    "NOLOAD": "no_load",
}  # fmt: skip
_COLUMNAR = {"PARQUET", "ORC"}
_FORMATS = _COLUMNAR | {"AVRO", "JSON", "SHAPEFILE", "FIXEDWIDTH"}
_KEYS = {
    "CREDENTIALS", "WITH", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN",
}  # fmt: skip
_UNSUPPORTED = _FORMATS | {
    "ACCEPTANYDATE", "BZIP2", "COMPROWS", "ENCRYPTED", "ESCAPE", "EXPLICIT_IDS", "IGNOREALLERRORS", "LZOP",
    "MASTER_SYMMETRIC_KEY", "READRATIO", "REMOVEQUOTES", "SSH", "TRIMBLANKS", "ZSTD",
}  # fmt: skip
_NOT_WITH_CSV = ("ESCAPE", "REMOVEQUOTES", "FIXEDWIDTH")
_NOT_WITH_COLUMNAR = ("REGION", "MAXERROR", "GZIP", "IGNOREHEADER", "DELIMITER", "CSV")


class _Parser:
    """Reads tokens from left to right, each option at most once, in any order."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._mentioned = {token.keyword for token in tokens}
        self._seen: set[str] = set()
        self._values: dict[str, Any] = {}

    def command(self) -> CopyCommand:
        self._expect("COPY")
        schema, table = self._table()
        columns = self._columns()
        self._expect("FROM")
        source = self._source()
        while self._peek() != _END:
            self._option()
        return self._resolved(schema, table, columns, source)

    def _resolved(self, schema: str | None, table: str, columns: tuple[str, ...], source: str) -> CopyCommand:
        if "iam_role" not in self._values:
            raise CopyRefused("Authorization is missing: the stand-in wants IAM_ROLE default or a role's ARN")
        csv = bool(self._values.get("csv"))
        if "quote" in self._values and not csv:
            raise CopyRefused("QUOTE can be used only with CSV")
        values = {"delimiter": "," if csv else "|", **self._values}
        command = CopyCommand(schema, table, columns, source, **values)
        if command.delimiter == command.quote and csv:
            raise CopyRefused("DELIMITER and QUOTE must be different characters")
        return command

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += token != _END
        return token

    def _take(self, *keywords: str) -> str:
        keyword = self._peek().keyword
        if keyword not in keywords:
            return ""
        self._next()
        return keyword

    def _expect(self, keyword: str) -> None:
        if not self._take(keyword):
            raise _syntax_error(self._peek())

    def _sign(self, sign: str) -> bool:
        found = self._peek() == _Token("sign", sign)
        self._at += found
        return found

    def _identifier(self) -> str:
        token = self._next()
        if token.kind not in ("word", "name"):
            raise _syntax_error(token)
        # Redshift folds quoted names as well, unless enable_case_sensitive_identifier is on.
        return token.text.lower()

    def _table(self) -> tuple[str | None, str]:
        first = self._identifier()
        return (first, self._identifier()) if self._sign(".") else (None, first)

    def _columns(self) -> tuple[str, ...]:
        if not self._sign("("):
            return ()
        names = [self._identifier()]
        while self._sign(","):
            names.append(self._identifier())
        if not self._sign(")"):
            raise _syntax_error(self._peek())
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise CopyRefused(f'column "{twice}" specified more than once')
        return tuple(names)

    def _string(self) -> str:
        token = self._next()
        if token.kind != "string":
            raise _syntax_error(token)
        return token.text

    def _source(self) -> str:
        source = self._string()
        bucket, _, key = source.removeprefix("s3://").partition("/")
        if not source.startswith("s3://") or not bucket or not key:
            raise CopyRefused(f"The stand-in copies from 's3://bucket/key' only, not from '{source}'")
        return source

    def _option(self) -> None:
        token = self._next()
        if token.keyword == "FORMAT":
            self._take("AS")
            token = self._next()
            if token.keyword not in _FORMATS | {"CSV"}:
                raise _syntax_error(token)
        self._refuse(token)
        option = token.keyword
        if option in self._seen:
            raise CopyRefused(f"conflicting or redundant options: {option} is given twice")
        self._seen.add(option)
        if option in _FLAGS:
            self._values[_FLAGS[option]] = True
        else:
            self._values.update(_OPTIONS[option](self))

    def _refuse(self, token: _Token) -> None:
        option = token.keyword
        if option in _KEYS:
            raise CopyRefused(
                f"The stand-in takes IAM_ROLE only, not {option}: no key belongs in a statement"
            )
        if option in _NOT_WITH_CSV and "CSV" in self._mentioned:
            raise CopyRefused(f"CSV cannot be used with {option}")
        if option in _COLUMNAR:
            for other in _NOT_WITH_COLUMNAR:
                if other in self._mentioned:
                    raise CopyRefused(f"{other} argument is not supported for {option} based COPY")
        if option in _UNSUPPORTED:
            raise CopyRefused(f"The stand-in does not support COPY with {option}")
        if option not in _FLAGS and option not in _OPTIONS:
            raise _syntax_error(token)

    def csv(self) -> dict[str, Any]:
        return {"csv": True}

    def quote(self) -> dict[str, Any]:
        self._take("AS")
        return {"quote": self._character("QUOTE")}

    def delimiter(self) -> dict[str, Any]:
        self._take("AS")
        return {"delimiter": self._character("DELIMITER")}

    def _character(self, option: str) -> str:
        text = _unescaped(self._string())
        if len(text) != 1 or not text.isascii() or text in "\0\r\n":
            raise CopyRefused(f"COPY {option} must be a single ASCII character")
        return text

    def null(self) -> dict[str, Any]:
        self._take("AS")
        marker = _unescaped(self._string())
        if "\n" in marker or "\r" in marker:
            raise CopyRefused("NULL argument must not contain a line break")
        if "\0" in marker:
            raise CopyRefused("The stand-in does not support NULL AS '\\0'")
        return {"null_as": marker}

    def iam_role(self) -> dict[str, Any]:
        if self._take("DEFAULT"):
            return {"iam_role": "default"}
        role = self._string()
        if not re.fullmatch(rf"{_ROLE.pattern}(?:,{_ROLE.pattern})*", role):
            raise CopyRefused(f"Invalid IAM role '{role}'. Must be the ARN of a role, or several with commas")
        return {"iam_role": role}

    def ignore_header(self) -> dict[str, Any]:
        self._take("AS")
        return {"ignore_header": self._number()}

    def max_error(self) -> dict[str, Any]:
        self._take("AS")
        number = self._number()
        if number > _MOST_ERRORS:
            raise CopyRefused(f"MAXERROR must be between 0 and {_MOST_ERRORS}")
        return {"max_error": number}

    def _number(self) -> int:
        token = self._next()
        if token.kind != "number":
            raise _syntax_error(token)
        return int(token.text)

    def date_format(self) -> dict[str, Any]:
        self._take("AS")
        return {"date_format": self._string()}

    def time_format(self) -> dict[str, Any]:
        self._take("AS")
        time_format = self._string()
        if time_format in ("epochsecs", "epochmillisecs"):
            raise CopyRefused(f"The stand-in does not support TIMEFORMAT '{time_format}'")
        return {"time_format": time_format}

    def encoding(self) -> dict[str, Any]:
        self._take("AS")
        token = self._next()
        if token.kind not in ("word", "string"):
            raise _syntax_error(token)
        if token.text.upper() != "UTF8":
            raise CopyRefused(f"The stand-in does not support ENCODING {token.text}, only UTF8")
        return {}

    def comp_update(self) -> dict[str, Any]:
        self._take("PRESET", "ON", "OFF", "TRUE", "FALSE")
        return {}

    def stat_update(self) -> dict[str, Any]:
        self._take("ON", "OFF", "TRUE", "FALSE")
        return {}

    def region(self) -> dict[str, Any]:
        self._take("AS")
        region = self._string()
        if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", region):
            raise CopyRefused(f"The region '{region}' is not valid")
        return {}

    def accept_invalid_characters(self) -> dict[str, Any]:
        self._take("AS")
        if self._peek().kind != "string":
            return {"invalid_characters_as": "?"}
        return {"invalid_characters_as": self._character("ACCEPTINVCHARS")}


_OPTIONS: dict[str, Callable[[_Parser], dict[str, Any]]] = {
    "CSV": _Parser.csv,
    "QUOTE": _Parser.quote,
    "DELIMITER": _Parser.delimiter,
    "NULL": _Parser.null,
    "IAM_ROLE": _Parser.iam_role,
    "IGNOREHEADER": _Parser.ignore_header,
    "MAXERROR": _Parser.max_error,
    "DATEFORMAT": _Parser.date_format,
    "TIMEFORMAT": _Parser.time_format,
    "ENCODING": _Parser.encoding,
    "COMPUPDATE": _Parser.comp_update,
    "STATUPDATE": _Parser.stat_update,
    "REGION": _Parser.region,
    "ACCEPTINVCHARS": _Parser.accept_invalid_characters,
}


def _tokens(sql: str) -> list[_Token]:
    tokens = list(_lexed(sql))
    if tokens and tokens[-1] == _Token("sign", ";"):
        tokens.pop()
    return [*tokens, _END]


def _lexed(sql: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(sql):
        kind, text = match.lastgroup or "", match.group()
        if kind == "string":
            yield _Token(kind, text[1:-1].replace("''", "'"))
        elif kind == "name":
            yield _Token(kind, text[1:-1].replace('""', '"'))
        elif kind != "space":
            yield _Token(kind, text)


def _unescaped(text: str) -> str:
    r"""The characters that a marker stands for: ``\t``, ``\n``, ``\\`` and octal ones; ``\N`` is itself."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code, 8)) if code[0].isdigit() else {"t": "\t", "n": "\n"}.get(code, code)


def _syntax_error(token: _Token) -> CopyRefused:
    if token == _END:
        return CopyRefused("syntax error at end of input")
    return CopyRefused(f'syntax error at or near "{token.text}"')
