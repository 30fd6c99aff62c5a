"""Numbers and tables as a document shows them, and their places in it."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

_STEPS = ((1e12, " TB", " tn"), (1e9, " GB", " bn"), (1e6, " MB", " M"), (1e3, " kB", " k"))


def rounded(value: float, digits: int = 2) -> float:
    """A number with so many significant digits."""
    if value == 0:
        return 0.0
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def count(value: float) -> str:
    """A number of rows, with two significant digits: ``1.2 M``."""
    return _scaled(value, 2)


def size(value: float) -> str:
    """A number of bytes, with two significant digits: ``43 GB``."""
    return _scaled(value, 1) if value >= 1e3 else "-"


def plain(value: float) -> str:
    """A number with one significant digit and without an exponent."""
    return f"{rounded(value, 1):g}"


def _scaled(value: float, unit: int) -> str:
    kept = rounded(value)
    for step in _STEPS:
        if kept >= step[0]:
            return f"{kept / step[0]:.3g}{step[unit]}"
    return f"{kept:.0f}" if kept else "-"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1) -> str:
    """A table in Markdown.

    Args:
        header: its first row.
        rows: all others.
        texts: columns from the left that hold texts; the rest hold numbers.
    """
    rule = ["---" if place < texts else "--:" for place in range(len(header))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def filled(document: str, tables: Mapping[str, str]) -> str:
    """A document with each table in its place, between ``<!-- name -->`` and ``<!-- end -->``.

    Raises:
        KeyError: the document has a place for a table that is not there, or none for one that is.
    """
    left = dict(tables)

    def put(found: re.Match[str]) -> str:
        return f"<!-- {found[1]} -->\n\n{left.pop(found[1])}\n\n<!-- end -->"

    text = re.sub(r"<!-- ([a-z]+) -->\n.*?<!-- end -->", put, document, flags=re.DOTALL)
    if left:
        raise KeyError(f"no place for {', '.join(left)}")
    return text
