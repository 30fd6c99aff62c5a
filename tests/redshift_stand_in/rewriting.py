"""Redshift's SQL in, PostgreSQL's out, or a refusal.

sqlglot gives the syntax tree. `refusals` looks in it for what Redshift does not have, and `replacements`
replaces what the two read differently; the meaning of functions is in shadow_functions.sql.
"""

import re
from dataclasses import replace

import sqlglot
from sqlglot import exp

from .commands import COMMANDS
from .copy_command import CopyRefused, is_copy, parse_copy
from .dialect import RedshiftSyntax
from .refusal import SYNTAX_ERROR, Refusal, syntax_error, unknown
from .refusals import check
from .replacements import replaced
from .statement import NOTHING, Action, Statement
from .unload_command import parse_unload

_TEXT = re.IGNORECASE | re.DOTALL
_COMMENTS = re.compile(r"(?:\s|/\*.*?\*/|--[^\n]*(?:\n|$))*", re.DOTALL)
# A parameter such as $1, outside of quotes.
_PARAMETER = re.compile(
    r"'(?:\\.|''|[^'\\])*'|\"[^\"]*\"|(?P<tag>\$\w*\$).*?(?P=tag)|(?P<number>\$\d+)", re.DOTALL
)
_ROLES = re.compile(r"\w+\s+(user|group|role)\b", _TEXT)
_OWNER = re.compile(r"alter\s+(table|schema|database)\b.*\bowner\s+to\b", _TEXT)
_SCHEMA_OF = re.compile(r"create\s+schema\s+(if\s+not\s+exists\s+)?\w+\s+authorization\s+\w+$", _TEXT)
_APPEND = re.compile(r"alter\s+table\b.*\bappend\s+from\b", _TEXT)
_EXPLAIN = re.compile(r"explain\s+(verbose\s+)?", _TEXT)
_DELETE = re.compile(r"delete\s+(from\s+)?", _TEXT)
_QUERIES = (
    exp.Query,
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.TruncateTable,
    exp.Comment,
)


def rewrite(sql: str) -> Statement:
    """Turn one statement of Redshift's into one of PostgreSQL's.

    Raises:
        Refusal: Redshift would not run it, or the stand-in does not know how.
    """
    bare = _COMMENTS.sub("", sql, count=1).rstrip().rstrip(";").rstrip()
    word = re.split(r"\W", bare, maxsplit=1)[0].lower()
    if not bare or any(same.match(bare) for same in (_ROLES, _OWNER, _SCHEMA_OF)):
        return Statement(bare)
    if is_copy(bare):
        return _copy(bare)
    if _APPEND.match(bare):
        return Statement(NOTHING, Action.ALONE, "ALTER TABLE APPEND")
    if word == "unload":
        return _unload(bare)
    if word in COMMANDS:
        return COMMANDS[word](bare)
    if word == "explain":
        return Statement("explain " + _query(_EXPLAIN.sub("", bare, count=1)).sql)
    return _query(_DELETE.sub("delete from ", bare, count=1) if word == "delete" else bare)


def _copy(sql: str) -> Statement:
    try:
        return Statement(NOTHING, Action.COPY, copy=parse_copy(sql))
    except CopyRefused as refused:
        raise Refusal(str(refused), code=SYNTAX_ERROR) from refused


def _unload(sql: str) -> Statement:
    command = parse_unload(sql)
    command = replace(command, query=_query(command.query).sql)
    return Statement(NOTHING, Action.UNLOAD, unload=command)


def _query(sql: str) -> Statement:
    tree = _parsed(sql)
    check(tree)
    is_late_binding = bool(tree.args.get("no_schema_binding"))
    tree = replaced(tree)
    if is_late_binding:
        return _late_binding_view(tree)
    action = _action(tree)
    return Statement(_generated(tree), action, "ALTER TABLE ALTER COLUMN" if action == Action.ALONE else "")


def _parsed(sql: str) -> exp.Expr:
    # sqlglot takes what is between two $ for a text in quotes unless a space comes first.
    spaced = _PARAMETER.sub(lambda match: match[0] + " " if match["number"] else match[0], sql)
    try:
        trees = sqlglot.parse(spaced, dialect=RedshiftSyntax)
    except sqlglot.errors.ParseError as error:
        raise syntax_error(error.errors[0]["highlight"], error.errors[0]["description"]) from error
    except sqlglot.errors.TokenError as error:
        raise Refusal("syntax error", str(error), SYNTAX_ERROR) from error
    if len(trees) != 1:
        raise Refusal("cannot insert multiple commands into a prepared statement", code=SYNTAX_ERROR)
    if not isinstance(trees[0], _QUERIES):
        raise unknown(f'the statement "{sql[:60]}"')
    return trees[0]


def _generated(tree: exp.Expr) -> str:
    try:
        return tree.sql(dialect="postgres", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except sqlglot.errors.UnsupportedError as error:
        raise unknown(str(error)) from error


def _action(tree: exp.Expr) -> Action | None:
    if isinstance(tree, exp.TruncateTable):
        return Action.COMMIT_AFTER
    if isinstance(tree, exp.Alter) and isinstance(tree.args["actions"][0], exp.AlterColumn):
        return Action.ALONE
    return Action.WRITE if isinstance(tree, exp.DML) else None


def _late_binding_view(tree: exp.Expr) -> Statement:
    """A view that keeps the text of its query: see table_rules.sql."""
    name = tree.this
    arguments = [name.db, name.name, _generated(tree.expression), str(bool(tree.args.get("replace")))]
    values = ", ".join(exp.Literal.string(value).sql(dialect="postgres") for value in arguments)
    call = f"perform rs.create_late_binding_view({values})"
    return Statement(f"do $view$ begin {call}; end $view$", tag="CREATE VIEW")
