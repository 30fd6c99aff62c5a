"""Splitting SQL into words, names, literals and signs, with the line of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
    | (?P<text>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_][\w$]*)
    | (?P<sign>->>|!~\*|::|//|\|\||->|<>|!=|<=|>=|==|!~|~\*|\*\*|.)
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of SQL; a word is in lower case, a literal or a quoted name is reduced to its quotes."""

    text: str
    line: int


def tokenize(sql: str) -> list[Token]:
    """Return the tokens of a statement in order, without white space and comments; lines count from 1."""
    tokens = []
    line = 1
    for match in TOKEN.finditer(sql):
        kind, text = match.lastgroup, match.group()
        if kind != "space":
            tokens.append(
                Token({"text": "''", "name": '""', "word": text.lower()}.get(kind or "", text), line)
            )
        line += text.count("\n")
    return tokens


def opening(tokens: Sequence[Token], closing_at: int) -> int:
    """Return the index of the parenthesis that the one at ``closing_at`` closes, or -1."""
    depth = 0
    for index in range(closing_at, -1, -1):
        depth += {")": 1, "(": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return -1


def closing(tokens: Sequence[Token], opening_at: int) -> int:
    """Return the index of the parenthesis that closes the one at ``opening_at``, or the number of tokens."""
    depth = 0
    for index in range(opening_at, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return len(tokens)
