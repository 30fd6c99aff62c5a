"""Commands that are no queries, recognised by their first word and rewritten as text."""

import re
from collections.abc import Callable

from .refusal import Refusal, syntax_error, unknown
from .statement import Action, Statement

_TEXT = re.IGNORECASE | re.DOTALL

# The parameters of Redshift that PostgreSQL lacks and that clients set; PostgreSQL keeps any name with a dot.
_REDSHIFT_SETTINGS = {
    "query_group",
    "enable_result_cache_for_session",
    "enable_case_sensitive_identifier",
    "wlm_query_slot_count",
}
_SHARED_SETTINGS = {"search_path", "statement_timeout", "timezone", "datestyle", "client_encoding"}
_NO_SUCH_SETTING = "42704"
# Where has_table_privilege finds the system views.
_END_OF_PATH = ", rs"


def _begin(sql: str) -> Statement:
    return Statement(sql)


def _commit(_: str) -> Statement:
    return Statement("commit", Action.COMMIT)


def _rollback(sql: str) -> Statement:
    if re.search(r"\bto\b", sql, _TEXT):
        raise Refusal('SQL command "rollback to savepoint" not supported', "Redshift has no savepoints.")
    return Statement("rollback")


def _set(sql: str) -> Statement:
    if re.match(r"set\s+(session\s+authorization|transaction|role)\b", sql, _TEXT):
        return Statement(sql)
    match = re.match(r"set\s+(?:session\s+)?(\w+)\s*(?:=|\bto\b)\s*(.+)", sql, _TEXT)
    if not match:
        raise unknown(f'the statement "{sql}"')
    name, value = match[1].lower(), match[2]
    if name == "search_path":
        value += _END_OF_PATH
    return Statement(f"set {_setting(name)} to {value}")


def _reset(sql: str) -> Statement:
    name = sql.split()[-1].lower()
    return Statement(sql if name == "all" else f"reset {_setting(name)}")


def _show(sql: str) -> Statement:
    match = re.fullmatch(r"show\s+(\w+)", sql, _TEXT)
    if not match:
        raise unknown(f'the statement "{sql}"')
    name = match[1].lower()
    value = f"replace(current_setting('{_setting(name)}', true), '{_END_OF_PATH}', '')"
    return Statement(f"select {value} as {name}", tag="SHOW")


def _setting(name: str) -> str:
    """The name of a parameter in PostgreSQL."""
    if name in _REDSHIFT_SETTINGS:
        return f"redshift.{name}"
    if name in _SHARED_SETTINGS:
        return name
    message = f'unrecognized configuration parameter "{name}"'
    raise Refusal(message, "Or the stand-in does not know it.", _NO_SUCH_SETTING)


def _lock(sql: str) -> Statement:
    if re.search(r"\bin\b.*\bmode\b", sql, _TEXT):
        raise syntax_error("in", "Redshift's LOCK takes no mode: it always excludes all others.")
    return Statement(sql)


def _privilege(sql: str) -> Statement:
    """PostgreSQL has one kind of role: `to role x` and `grant role x` are said without the word."""
    return Statement(re.sub(r"\brole\s+", "", sql, flags=re.IGNORECASE))


def _analyze(sql: str) -> Statement:
    return Statement(f"analyze {_table(sql)}")


def _vacuum(sql: str) -> Statement:
    return Statement(f"vacuum {_table(sql)}", Action.ALONE, "VACUUM")


def _table(sql: str) -> str:
    """The table after the options of VACUUM and ANALYZE, which are about what PostgreSQL does not have."""
    options = r"\w+\s*(?:(?:full|sort\s+only|delete\s+only|reindex|recluster|verbose|compression)\b\s*)*"
    return re.sub(options, "", sql, count=1, flags=re.IGNORECASE).split(" ")[0]


COMMANDS: dict[str, Callable[[str], Statement]] = {
    "begin": _begin,
    "start": _begin,
    "commit": _commit,
    "end": _commit,
    "rollback": _rollback,
    "abort": _rollback,
    "set": _set,
    "reset": _reset,
    "show": _show,
    "lock": _lock,
    "grant": _privilege,
    "revoke": _privilege,
    "analyze": _analyze,
    "vacuum": _vacuum,
}
"""The rewriting of a command, by its first word."""
