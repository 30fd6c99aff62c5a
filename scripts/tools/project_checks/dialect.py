"""Compiled SQL holds nothing that DuckDB and Redshift understand differently, or one of them not at all."""

from collections.abc import Iterator
from pathlib import Path

from tools.project_checks.artifacts import Artifact, Node, own_nodes, read_artifact
from tools.project_checks.dialect_rules import (
    Breach,
    division_breaches,
    phrase_breaches,
    regexp_breaches,
    wide_type_breaches,
    window_breaches,
)
from tools.project_checks.findings import Finding
from tools.project_checks.sql_tokens import tokenize

CHECKED = ("model", "snapshot", "analysis", "test")


def check_dialect(target_dir: Path, dialect: str) -> list[Finding]:
    """Return a finding for each breach of the rules in the SQL compiled into the target folder.

    Raises:
        FileNotFoundError: nothing has been compiled there.
    """
    manifest: Artifact = read_artifact(target_dir, "manifest.json")
    nodes = own_nodes(manifest, *CHECKED).values()
    return [finding for node in nodes for finding in _findings(node, dialect)]


def breaches(sql: str, dialect: str, *, may_use_regexp: bool = False) -> Iterator[Breach]:
    """Yield each breach in one statement compiled for ``duckdb`` or ``redshift``."""
    tokens = tokenize(sql)
    yield from phrase_breaches(tokens)
    yield from division_breaches(tokens, dialect)
    yield from wide_type_breaches(tokens, dialect)
    yield from window_breaches(tokens)
    if not may_use_regexp:
        yield from regexp_breaches(tokens)


def _findings(node: Node, dialect: str) -> Iterator[Finding]:
    path = f"{node['original_file_path']} ({node['name']}, compiled)"
    sql = node.get("compiled_code")
    if not sql:
        yield Finding(path, 0, "it has not been compiled; `dbt compile` does")
        return
    for line, words, advice in breaches(sql, dialect, may_use_regexp=_may_use_regexp(node)):
        yield Finding(path, line, f"'{words}' must not stand here: {advice}")


def _may_use_regexp(node: Node) -> bool:
    """Return whether patterns come from this project's macros, where text is cleaned, or from a package's."""
    test = node.get("test_metadata") or {}
    cleans_text = "staging" in node["fqn"] or (node["resource_type"] == "test" and not test)
    return test.get("namespace") == "dbt_expectations" or (cleans_text and "regexp" not in node["raw_code"])
