"""Messages of the PostgreSQL wire protocol, version 3: how they are read, written and taken apart."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase

PROTOCOL = 196608
CANCEL_REQUEST = 80877102
SSL_REQUEST = 80877103
GSS_REQUEST = 80877104

# What the client sends.
PARSE = b"P"
BIND = b"B"
FLUSH = b"H"
SYNC = b"S"
QUERY = b"Q"
TERMINATE = b"X"

# What the server sends.
AUTHENTICATION = b"R"
PARAMETER_STATUS = b"S"
KEY_DATA = b"K"
READY = b"Z"
ERROR = b"E"
NOTICE = b"N"
BIND_COMPLETE = b"2"
COMMAND_COMPLETE = b"C"
ROW_DESCRIPTION = b"T"
DATA_ROW = b"D"

# Loading rows.
COPY_DATA = b"d"
COPY_DONE = b"c"
COPY_FAIL = b"f"

IDLE = b"I"
IN_TRANSACTION = b"T"

_TEXT = 25
_VARCHAR = 1043
_FIELD_TAIL = struct.Struct("!ihihih")


@dataclass(frozen=True)
class Message:
    """One message: a letter and what follows it."""

    kind: bytes
    body: bytes = b""

    def encoded(self) -> bytes:
        """As it stands on the wire."""
        return self.kind + struct.pack("!i", len(self.body) + 4) + self.body


def read_message(stream: BufferedIOBase) -> Message | None:
    """Read the next message; None when the other side has gone."""
    head = stream.read(5)
    if len(head) < 5:
        return None
    length = struct.unpack("!i", head[1:])[0] - 4
    body = stream.read(length)
    return Message(head[:1], body) if len(body) == length else None


def read_startup(stream: BufferedIOBase) -> tuple[int, bytes] | None:
    """Read the request that opens a connection: its code and the rest; None when the other side has gone."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length, code = struct.unpack("!ii", head)
    return code, stream.read(length - 8)


def startup_parameters(body: bytes) -> dict[str, str]:
    """The names and values in a start-up request."""
    words = [word.decode() for word in body.split(b"\0")]
    return dict(zip(words[0::2], words[1::2], strict=False))


def startup_request(parameters: Mapping[str, str]) -> bytes:
    """The request that opens a connection to PostgreSQL."""
    body = b"".join(text(name) + text(value) for name, value in parameters.items()) + b"\0"
    return struct.pack("!ii", len(body) + 8, PROTOCOL) + body


def text(value: str) -> bytes:
    """A text with the zero byte that ends it."""
    return value.encode() + b"\0"


def first_text(body: bytes) -> tuple[str, bytes]:
    """The text that a body begins with, and the rest."""
    value, _, rest = body.partition(b"\0")
    return value.decode(), rest


def error(fields: Mapping[str, str], kind: bytes = ERROR) -> Message:
    """An error or a notice."""
    return Message(kind, b"".join(name.encode() + text(value) for name, value in fields.items()) + b"\0")


def error_fields(body: bytes) -> dict[str, str]:
    """The fields of an error or a notice, by their letter."""
    return {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}


def row_values(body: bytes) -> list[str | None]:
    """The values of one row, which are text."""
    values: list[str | None] = []
    position = 2
    for _ in range(struct.unpack_from("!h", body)[0]):
        (length,) = struct.unpack_from("!i", body, position)
        position += 4
        values.append(body[position : position + length].decode() if length >= 0 else None)
        position += max(length, 0)
    return values


def redshift_columns(body: bytes) -> bytes:
    """A row description as Redshift gives it: every text is a varchar."""
    described = bytearray(body)
    position = 2
    for _ in range(struct.unpack_from("!h", body)[0]):
        position = body.index(b"\0", position) + 1
        field = list(_FIELD_TAIL.unpack_from(body, position))
        field[2] = _VARCHAR if field[2] == _TEXT else field[2]
        _FIELD_TAIL.pack_into(described, position, *field)
        position += _FIELD_TAIL.size
    return bytes(described)


def parse_parts(body: bytes) -> tuple[str, str, bytes]:
    """The statement's name, its SQL and the types of its parameters, from a Parse message."""
    name, rest = first_text(body)
    sql, types = first_text(rest)
    return name, sql, types


def cancel_request(key: bytes) -> bytes:
    """The request that cancels the query of the session with this key."""
    return struct.pack("!ii", len(key) + 8, CANCEL_REQUEST) + key
