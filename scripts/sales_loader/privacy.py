"""Loyalty card numbers: kept only as a keyed hash, masked everywhere else."""

import hashlib
import re
from typing import NamedTuple

MASK = "************"
MAX_QUOTED_CHARACTERS = 80

# A run of 12 to 19 digits, single blanks or dashes between them; RE2 and Python read it alike.
_DIGITS = r"\b[0-9](?:[ -]?[0-9]){11,18}\b"
_BLOCK_BYTES = 64  # of SHA-256, as HMAC needs it


class HashPads(NamedTuple):
    """The two blocks that HMAC-SHA-256 puts before what it hashes; 64 bytes each, made from the key."""

    inner: bytes
    outer: bytes


def hash_pads(key: str) -> HashPads:
    """Blocks of HMAC-SHA-256 for a key (RFC 2104); a key over 64 bytes is hashed first."""
    block = key.encode()
    if len(block) > _BLOCK_BYTES:
        block = hashlib.sha256(block).digest()
    block = block.ljust(_BLOCK_BYTES, b"\0")
    return HashPads(bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block))


def hash_sql(cell: str, inner: str, outer: str) -> str:
    """SQL of the HMAC-SHA-256 of a cell as lower-case hex, null for a null cell.

    Args:
        cell: SQL of the trimmed cell.
        inner: SQL parameter that holds ``HashPads.inner``.
        outer: SQL parameter that holds ``HashPads.outer``.
    """
    # Without the case both hashes are computed for blank cells too: three of four rows.
    return (
        f"case when {cell} is not null then sha256({outer} || unhex(sha256({inner} || encode({cell})))) end"
    )


def masked(text: str) -> str:
    """Text in which every standalone run of 12 to 19 digits is replaced.

    Example:
        ``masked("card 1234 5678 9012")`` gives ``"card ************"``.
    """
    return re.sub(_DIGITS, MASK, text, flags=re.ASCII)


def masked_sql(text: str) -> str:
    """SQL that does to a text expression what ``masked`` does to a text."""
    return f"regexp_replace({text}, '{_DIGITS}', '{MASK}', 'g')"


def quoted(value: str) -> str:
    """A value as messages may show it: masked, on one line, cut to a sane length."""
    text = masked(value)
    return repr(text if len(text) <= MAX_QUOTED_CHARACTERS else text[:MAX_QUOTED_CHARACTERS] + "…")
