"""Redshift's grammar, as sqlglot reads it, without sqlglot's opinions on functions.

sqlglot replaces a function that it knows by what it takes for the same one in another dialect, and is wrong
about some (datediff, listagg, regexp_substr). Here a call is a name with arguments and stays one. Only what
has a syntax of its own, such as cast(x as y), is read as more than that.
"""

from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.redshift import Redshift
from sqlglot.parsers.redshift import RedshiftParser

_OWN_SYNTAX = ("CAST", "CONVERT", "EXTRACT", "POSITION", "SUBSTRING", "TRIM")

TABLE_ATTRIBUTE = "TABLE ATTRIBUTE"
"""How a property is called that is about storage alone, so that it can be left out."""


def _attribute(*words: str) -> Any:
    """A parser of a table attribute that is followed by one of some words, or by nothing."""

    def parse(parser: Any) -> exp.Expression:
        if words:
            parser._match_texts(words)
        return exp.Property(this=exp.Var(this=TABLE_ATTRIBUTE))

    return parse


def _interleaved(parser: Any) -> exp.Expression:
    parser._match_texts(("SORTKEY",))
    parser._parse_sortkey(compound=True)
    return exp.Property(this=exp.Var(this=TABLE_ATTRIBUTE))


def _column_attribute(parser: Any) -> exp.Expression:  # noqa: ARG001 - sqlglot passes it
    return exp.EncodeColumnConstraint(this=exp.Var(this=TABLE_ATTRIBUTE))


class RedshiftSyntax(Redshift):
    """Redshift for sqlglot: see the module."""

    class Parser(RedshiftParser):
        """Leaves every function as it is written."""

        FUNCTIONS: ClassVar[dict[str, Any]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            name: RedshiftParser.FUNCTION_PARSERS[name] for name in _OWN_SYNTAX
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
            "ANY": RedshiftParser.NO_PAREN_FUNCTION_PARSERS["ANY"],
            "CASE": RedshiftParser.NO_PAREN_FUNCTION_PARSERS["CASE"],
            # Exact where Redshift may be a little off.
            "APPROXIMATE": lambda parser: parser._parse_function(),
            "SYSDATE": lambda _: exp.Anonymous(this="sysdate"),
        }
        PROPERTY_PARSERS: ClassVar[dict[str, Any]] = {
            **RedshiftParser.PROPERTY_PARSERS,
            "BACKUP": _attribute("YES", "NO"),
            "ENCODE": _attribute("AUTO"),
            "INTERLEAVED": _interleaved,
        }
        CONSTRAINT_PARSERS: ClassVar[dict[str, Any]] = {
            **RedshiftParser.CONSTRAINT_PARSERS,
            "DISTKEY": _column_attribute,
            "SORTKEY": _column_attribute,
        }
