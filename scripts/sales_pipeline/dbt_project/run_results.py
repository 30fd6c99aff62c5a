"""The results of a dbt build, in words."""

import re
from collections import Counter
from collections.abc import Iterable
from textwrap import indent
from typing import TYPE_CHECKING

from sales_loader.escaping import escaped_lines

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

_FAULTS = {"error": "error", "fail": "failed", "warn": "warning"}  # dbt's word: ours, worst first
_FIRST_SENTENCE = re.compile(r".+?(?:[.!?:](?= )|$)")
_KINDS = ("model", "seed", "snapshot", "test")


def describe_faults(results: Iterable["RunResult"]) -> list[str]:
    """Say what went wrong, worst first.

    Args:
        results: the result of each node of a dbt build.

    Returns:
        One text for each error, failed test or warning: its kind, its name, what it checks or is, dbt's
        message and the file of its SQL; for a failed test the SQL too.
    """
    faulty = [result for result in results if result.status.value in _FAULTS]
    faulty.sort(key=lambda result: (list(_FAULTS).index(result.status.value), result.node.name))
    return [describe_fault(result) for result in faulty]


def describe_fault(result: "RunResult") -> str:
    """Say what went wrong with one node."""
    lines = [
        f"{_FAULTS[result.status.value]}: {result.node.name} ({result.node.original_file_path})",
        _explained(result),
        (result.message or "").strip(),
        f"its SQL: {getattr(result.node, 'compiled_path', None) or 'not compiled'}",
        indent(compiled_sql(result), "    ") if result.status.value == "fail" else "",
    ]
    return escaped_lines("\n".join(line for line in lines if line))


def compiled_sql(result: "RunResult") -> str:
    """The SQL of a node as sent to the warehouse; empty if there is none."""
    return str(getattr(result.node, "compiled_code", None) or "").strip()


def _explained(result: "RunResult") -> str:
    """What a test checks; for other nodes the first sentence, as their descriptions may fill a page."""
    description: str = getattr(result.node, "description", "")
    if result.node.resource_type.value == "test":
        return description
    return first_sentence(description)


def first_sentence(description: str) -> str:
    """The first sentence of a description on one line; empty where there is none."""
    sentence = _FIRST_SENTENCE.match(" ".join(description.split()))
    return sentence[0] if sentence else ""


def summarise(results: Iterable["RunResult"]) -> str:
    """Count what was done, in one line.

    Args:
        results: the result of each node of a dbt build.

    Returns:
        For example `44 models, 6 seeds, 1 snapshot, 199 tests done; 0 skipped`.
    """
    nodes = list(results)
    done = Counter(node.node.resource_type.value for node in nodes if node.status.value != "skipped")
    skipped = sum(node.status.value == "skipped" for node in nodes)
    parts = [f"{done[kind]} {kind}{'' if done[kind] == 1 else 's'}" for kind in _KINDS if done[kind]]
    return f"{', '.join(parts)} done; {skipped} skipped"
