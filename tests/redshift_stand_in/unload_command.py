"""Redshift's UNLOAD statement: what of it the stand-in understands, as a value."""

import re
from dataclasses import dataclass

from .refusal import unknown

_STRING = r"'((?:''|\\.|[^'\\])*)'"
_UNLOAD = re.compile(
    rf"unload\s*\(\s*{_STRING}\s*\)\s*to\s+'s3://([^'/]+)/([^']+)'\s+iam_role\s+(?:'([^']+)'|(default))"
    r"\s+format\s+(?:as\s+)?parquet",
    re.IGNORECASE | re.DOTALL,
)
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)


@dataclass(frozen=True)
class UnloadCommand:
    """An UNLOAD to Parquet files.

    Attributes:
        query: what is unloaded.
        bucket: where to.
        key: what the names of the files begin with.
        iam_role: that writes there, or ``default``.
    """

    query: str
    bucket: str
    key: str
    iam_role: str


def parse_unload(sql: str) -> UnloadCommand:
    """The parts of a statement that begins with UNLOAD.

    Raises:
        Refusal: it is in another form than the one with Parquet and no more options.
    """
    found = _UNLOAD.fullmatch(sql)
    if found is None:
        raise unknown("an UNLOAD other than one to Parquet on S3, by a role, with no more options")
    query, bucket, key, role, default = found.groups()
    return UnloadCommand(
        _ESCAPED.sub(lambda match: match[1] or "'", query), bucket, key, role or default.lower()
    )
