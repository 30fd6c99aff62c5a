"""Where the time of a build went, by dbt's artifacts and the tables it left."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

_BLOCK = 262_144  # bytes; what DuckDB stores a column's values in


@dataclass(frozen=True)
class Step:
    """A node of dbt.

    Attributes:
        name: of the model or test.
        kind: model, test, seed, snapshot.
        seconds: that dbt took for it, SQL and dbt's own work.
        rows: in the table it built; None of what is no table.
        megabytes: that the table takes in the file, whole blocks; None of what is no table.
    """

    name: str
    kind: str
    seconds: float
    rows: int | None
    megabytes: float | None


def read_profile(target: Path, database: Path) -> list[Step]:
    """Read what a build took, the longest first.

    Args:
        target: folder of run_results.json and manifest.json.
        database: the DuckDB file that was built.
    """
    results = _read(target, "run_results")["results"]
    nodes = _read(target, "manifest")["nodes"]
    with duckdb.connect(str(database), read_only=True) as connection:
        rows: list[tuple[str, str, int]] = connection.execute(
            "select schema_name, table_name, estimated_size from duckdb_tables()"
        ).fetchall()
        sizes = {
            (schema, table): (count, _megabytes(connection, schema, table)) for schema, table, count in rows
        }
    steps = []
    for result in results:
        node = nodes.get(result["unique_id"])
        if node is None:
            continue
        table = (node["schema"], node["alias"]) if node["resource_type"] == "model" else ("", "")
        count, megabytes = sizes.get(table, (None, None))
        steps.append(Step(node["name"], node["resource_type"], result["execution_time"], count, megabytes))
    return sorted(steps, key=lambda step: -step.seconds)


def _read(target: Path, artifact: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((target / f"{artifact}.json").read_text(encoding="utf-8"))
    return content


def _megabytes(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> float:
    row: tuple[int] | None = connection.execute(
        f"""select count(distinct block_id) from pragma_storage_info('{schema}.{table}')
        where block_id >= 0"""
    ).fetchone()
    [blocks] = row or (0,)
    return blocks * _BLOCK / 1e6


def seconds_up_to(target: Path, model: str) -> float:
    """Seconds of the nodes that a model stands on and of itself, added up, though two of them run at a time.

    Args:
        target: folder of run_results.json and manifest.json.
        model: its name.
    """
    manifest = _read(target, "manifest")
    results = _read(target, "run_results")["results"]
    found: set[str] = set()
    new = {key for key, node in manifest["nodes"].items() if node["name"] == model}
    while new:
        found |= new
        new = {parent for key in new for parent in manifest["parent_map"].get(key, ())} - found
    seconds: list[float] = [each["execution_time"] for each in results if each["unique_id"] in found]
    return sum(seconds)


def count_kinds(target: Path) -> Counter[str]:
    """How many nodes of each kind a build ran."""
    results = _read(target, "run_results")["results"]
    return Counter(result["unique_id"].split(".")[0] for result in results)
