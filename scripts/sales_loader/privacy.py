"""Loyalty card numbers: kept only as a keyed hash, masked everywhere else."""

import hashlib
import re
from typing import NamedTuple

from sales_loader.errors import UsageError

MASK = "************"
MIN_KEY_CHARACTERS = 32
MAX_QUOTED_CHARACTERS = 80

# RE2 and Python read these alike. RE2 has no lookahead or lookbehind: so the edges are matched and put back,
# and cards that share an edge are one match.
_GROUP = "[0-9]{3,6}"
_PARTED = "[^0-9A-Za-z]+"
_THREE_GROUPS = "|".join(  # of 12 digits or more; four groups always have as many
    f"[0-9]{{{first}}}{_PARTED}[0-9]{{{second}}}{_PARTED}[0-9]{{{max(3, 12 - first - second)},6}}"
    for first in range(3, 7)
    for second in range(3, 7)
)
_CARD = (
    f"(?:[0-9]{{12,19}}|(?:{_GROUP}{_PARTED}){{3,}}{_GROUP}|{_THREE_GROUPS}|[0-9]{{6}}{_PARTED}[0-9]{{6}})"
)
_CARDS = f"(^|[^0-9]){_CARD}(?:[^0-9]{_CARD})*($|[^0-9])"
_MAY_HOLD_CARD = f"[0-9]{{12}}|[0-9]{{3}}{_PARTED}[0-9]{{3}}"  # a quick test, and few texts pass it
_PUT = rf"\1{MASK}\2"
_BLOCK_BYTES = 64  # of SHA-256, as HMAC needs it


class HashPads(NamedTuple):
    """The two blocks that HMAC-SHA-256 puts before what it hashes; 64 bytes each, made from the key."""

    inner: bytes
    outer: bytes


def hash_pads(key: str) -> HashPads:
    """Blocks of HMAC-SHA-256 for a key (RFC 2104); a key over 64 bytes is hashed first.

    Raises:
        UsageError: the key is too short, or is not ASCII; the message does not show it.
    """
    if len(key) < MIN_KEY_CHARACTERS or not key.isascii():
        fault = "is too short" if key.isascii() else "holds characters that are not ASCII"
        raise UsageError(
            f"CARD_HASH_KEY {fault}; expected at least {MIN_KEY_CHARACTERS} ASCII characters that nobody "
            "can guess. Make one with: openssl rand -hex 32. Keep it: the hashes of two keys never match."
        )
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
    """Text in which all that may be a card number is replaced.

    That is 12 to 19 digits in a row, or 12 and more in groups of three to six, whatever surrounds them and
    whatever separates the groups, except letters. A longer run of digits is an id.

    Example:
        ``masked("card 1234 5678 9012")`` gives ``"card ************"``.
    """
    return re.sub(_CARDS, _PUT, text)


def masked_sql(text: str) -> str:
    """SQL that masks a text expression as ``masked`` does a text."""
    hidden = f"regexp_replace({text}, '{_CARDS}', '{_PUT}', 'g')"
    return f"case when regexp_matches({text}, '{_MAY_HOLD_CARD}') then {hidden} else {text} end"


def quoted(value: str) -> str:
    """A value as messages may show it: masked, on one line, cut to a sane length."""
    text = masked(value)
    return repr(text if len(text) <= MAX_QUOTED_CHARACTERS else text[:MAX_QUOTED_CHARACTERS] + "…")
