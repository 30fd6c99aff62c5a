"""What a statement reads, joins and groups, from the plan that DuckDB has really run."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

# Plans with several threads split a scan among them; what is read is the same.
_SETTINGS = (
    "set threads = 2",
    "set integer_division = true",
    "set default_null_order = 'nulls_last_on_asc_first_on_desc'",
)
_COMPARED = re.compile(r"^\s*(.+?) (?:=|IS NOT DISTINCT FROM) .+$")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_PARTITION = re.compile(r"PARTITION BY (.+?)(?: ORDER BY|\s+ROWS|\))")


@dataclass(frozen=True)
class Scan:
    """One table that a statement reads.

    Attributes:
        table: schema and name.
        columns: those that are read, the filtered ones included.
        filtered: those that a filter, or the other side of a join, restricts.
        rows: that are left after these filters.
    """

    table: str
    columns: frozenset[str]
    filtered: frozenset[str]
    rows: int


@dataclass(frozen=True)
class Movement:
    """Rows that must come together before a step can work: a join, a grouping or a window.

    Attributes:
        step: join, group or window.
        key: the columns by which they come together; empty where everything is one group.
        inputs: rows that each side brings.
        output: rows that come out.
    """

    step: str
    key: str
    inputs: tuple[int, ...]
    output: int


@dataclass(frozen=True)
class Profile:
    """What one statement did.

    Attributes:
        scans: what it read.
        movements: what it brought together.
    """

    scans: tuple[Scan, ...]
    movements: tuple[Movement, ...]


def connect(path: str) -> duckdb.DuckDBPyConnection:
    """Open a warehouse with the settings that the models run with."""
    connection = duckdb.connect(path)
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def profile(connection: duckdb.DuckDBPyConnection, query: str) -> Profile:
    """Run a query and say what it did.

    Args:
        connection: of the warehouse.
        query: one select.
    """
    row = connection.execute(f"explain (analyze, format json) {query}").fetchone()
    assert row is not None
    return read_plan(json.loads(row[1]))


def read_plan(plan: dict[str, Any]) -> Profile:
    """Read a plan as DuckDB writes it in JSON after it has run it."""
    nodes = [node for root in plan["operator"] for node in _all_nodes(root)]
    scans = tuple(_scan(node) for node in nodes if "Table" in node["extra_info"])
    movements = tuple(movement for node in nodes for movement in _movements(node))
    return Profile(scans, movements)


def _all_nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("children", []):
        yield from _all_nodes(child)


def _scan(node: dict[str, Any]) -> Scan:
    info = node["extra_info"]
    schema, _, name = info["Table"].rpartition(".")
    filters = f"{info.get('Filters', '')} {info.get('Dynamic Filters', '')}"
    filtered = frozenset(_NAME.findall(re.sub(r"'[^']*'", "", filters)))
    columns = frozenset(_texts(info.get("Projections", []))) | filtered
    return Scan(f"{schema.rpartition('.')[2]}.{name}", columns, filtered, node["intermediate_rows"])


def _movements(node: dict[str, Any]) -> Iterator[Movement]:
    kind, info = node["type"], node["extra_info"]
    inputs = tuple(child["intermediate_rows"] for child in node.get("children", []))
    output = node["intermediate_rows"]
    if kind == "HASH_JOIN":
        yield Movement("join", _names(map(_left_side, _texts(info["Conditions"]))), inputs, output)
    elif kind in (
        "NESTED_LOOP_JOIN",
        "CROSS_PRODUCT",
        "BLOCKWISE_NL_JOIN",
        "IE_JOIN",
        "PIECEWISE_MERGE_JOIN",
    ):
        yield Movement("join", "", inputs, output)
    elif kind in ("HASH_GROUP_BY", "PERFECT_HASH_GROUP_BY"):
        yield Movement("group", _names(_group_columns(node)), inputs, output)
    elif kind == "WINDOW":
        partitions = {
            found.group(1)
            for text in _texts(info.get("Projections", []))
            if (found := _PARTITION.search(text))
        }
        yield Movement("window", _names(partitions), inputs, output)


def _left_side(condition: str) -> str:
    found = _COMPARED.match(condition)
    return found.group(1) if found else condition


def _group_columns(node: dict[str, Any]) -> Iterator[str]:
    below = node["children"][0]
    while below["type"] == "PROJECTION" and not below["extra_info"].get("Projections"):
        below = below["children"][0]
    projected = _texts(below["extra_info"].get("Projections", []))
    for group in _texts(node["extra_info"].get("Groups", [])):
        place = group.removeprefix("#")
        is_known = group.startswith("#") and place.isdigit() and int(place) < len(projected)
        yield projected[int(place)] if is_known else group


def _names(texts: Any) -> str:
    """The column names in some expressions, sorted; of an expression the last name in it."""
    found = set()
    for text in texts:
        for part in text.split(", "):
            names = _NAME.findall(part)
            found.add(names[-1] if names else part)
    return ", ".join(sorted(found))


def _texts(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
