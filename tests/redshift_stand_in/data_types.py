"""Redshift's types: which there are, and what they are when their length is left out."""

from sqlglot import exp

from .refusal import Refusal, unknown

_Type = exp.DType if hasattr(exp, "DType") else exp.DataType.Type

_PLAIN = {
    _Type.SMALLINT,
    _Type.INT,
    _Type.BIGINT,
    _Type.FLOAT,
    _Type.DOUBLE,
    _Type.BOOLEAN,
    _Type.CHAR,
    _Type.DATE,
    _Type.TIMESTAMP,
    _Type.TIMESTAMPTZ,
    _Type.TIME,
    _Type.TIMETZ,
}
_NOT_YET = {_Type.SUPER, _Type.GEOMETRY, _Type.GEOGRAPHY, _Type.VARBINARY, _Type.HLLSKETCH}
_TEXT = {_Type.VARCHAR, _Type.NVARCHAR, _Type.TEXT, _Type.BPCHAR}
_LONGEST = 65535
_WITHOUT_LENGTH = 256
_MOST_DIGITS = 38


def value_type(kind: exp.DataType) -> exp.DataType:
    """The type of a cast. A text without a length takes that of its value."""
    if kind.this in _TEXT:
        length = _length(kind)
        return exp.DataType.build(f"varchar({length})" if length else "varchar", dialect="postgres")
    if kind.this == _Type.DECIMAL:
        return _decimal(kind)
    if kind.this == _Type.NAME:
        return kind
    if kind.this in _NOT_YET:
        raise unknown(f"the type {kind.sql(dialect='redshift').lower()}")
    if kind.this not in _PLAIN:
        raise Refusal(f'Column type "{kind.sql(dialect="redshift").lower()}" is not supported.')
    return kind


def column_type(kind: exp.DataType) -> exp.DataType:
    """The type of a column. A text without a length is a varchar(256)."""
    if kind.this in _TEXT and not _length(kind):
        return exp.DataType.build(f"varchar({_WITHOUT_LENGTH})", dialect="postgres")
    return value_type(kind)


def _length(kind: exp.DataType) -> int | None:
    if not kind.expressions:
        return None
    written = kind.expressions[0].name.lower()
    length = _LONGEST if written == "max" else int(written)
    if length > _LONGEST:
        raise Refusal(f"length for type character varying cannot exceed {_LONGEST}", code="22023")
    return length


def _decimal(kind: exp.DataType) -> exp.DataType:
    precision, scale = (
        ([int(each.name) for each in kind.expressions] + [0])[:2] if kind.expressions else (18, 0)
    )
    if precision > _MOST_DIGITS:
        raise Refusal(f"DECIMAL precision {precision} must be between 1 and {_MOST_DIGITS}", code="22023")
    return exp.DataType.build(f"decimal({precision}, {scale})", dialect="postgres")
