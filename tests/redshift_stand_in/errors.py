"""PostgreSQL's errors in Redshift's words."""

import re
from collections.abc import Mapping

from .faults import INTERNAL_ERROR, conflict
from .refusal import Refusal

# Redshift's other fields name its own source files, and positions are of the SQL before it was rewritten.
_KEPT = "SCMDH"
_SERIALIZATION_FAILURE = "40001"
_NOT_NULL_VIOLATION = "23502"


def as_fields(refusal: Refusal, severity: str = "ERROR") -> dict[str, str]:
    """The fields of the error that a refusal is told with."""
    fields = {"S": severity, "C": refusal.code, "M": refusal.message, "D": refusal.detail}
    return {name: value for name, value in fields.items() if value}


def as_redshift(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of one of PostgreSQL's errors or notices as Redshift would tell it."""
    if fields["C"] == _SERIALIZATION_FAILURE:
        return as_fields(conflict())
    if fields["C"] == _NOT_NULL_VIOLATION and (match := re.search(r'column "([^"]+)"', fields["M"])):
        message = f"Cannot insert a NULL value into column {match[1]}"
        detail = f"error:  {message}\n  code:      8007"
        return as_fields(Refusal(message, detail, INTERNAL_ERROR))
    return {name: fields[name] for name in _KEPT if fields.get(name)}
