"""Where the time of a build went, by dbt's artifacts and the tables it left."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
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


@dataclass(frozen=True)
class NodeTime:
    """What dbt took for a node.

    Attributes:
        kind: model, test, seed, snapshot, …
        seconds: SQL and dbt's own work.
        is_compared: it needs no table that the hand-tuned baseline does without.
    """

    kind: str
    seconds: float
    is_compared: bool


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
    found = _with_parents(_read(target, "manifest"), {model})
    results = _read(target, "run_results")["results"]
    seconds: list[float] = [each["execution_time"] for each in results if each["unique_id"] in found]
    return sum(seconds)


def read_times(target: Path, compared: Collection[str]) -> list[NodeTime]:
    """Read what dbt took for each node of a run.

    Args:
        target: folder of run_results.json and manifest.json.
        compared: names of the models that the hand-tuned baseline builds too.
    """
    manifest = _read(target, "manifest")
    needed = _with_parents(manifest, compared)
    parents: Mapping[str, list[str]] = manifest["parent_map"]
    others: set[str] = set()
    new = {key for key in parents if _kind(key) == "model" and key not in needed}
    while new:
        others |= new
        new = {key for key, above in parents.items() if not others.isdisjoint(above)} - others
    times: list[tuple[str, float]] = [
        (result["unique_id"], result["execution_time"]) for result in _read(target, "run_results")["results"]
    ]
    return [NodeTime(_kind(key), seconds, key not in others) for key, seconds in times]


def share_of_others(times: Collection[NodeTime], empty: Collection[NodeTime]) -> float:
    """The share, 0 to 1, of the seconds above dbt overhead that go to what is not compared.

    Args:
        times: of the nodes of a run.
        empty: of those of an empty project; all that are no models are tests there.
    """
    overheads = {
        is_model: _mean([one.seconds for one in empty if (one.kind == "model") == is_model])
        for is_model in (True, False)
    }
    above = [(one, max(0.0, one.seconds - overheads[one.kind == "model"])) for one in times]
    total = sum(seconds for _, seconds in above)
    return sum(seconds for one, seconds in above if not one.is_compared) / total if total else 0.0


def _mean(values: Collection[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _kind(key: str) -> str:
    return key.partition(".")[0]


def _with_parents(manifest: Mapping[str, Any], models: Collection[str]) -> set[str]:
    found: set[str] = set()
    new = {key for key, node in manifest["nodes"].items() if node["name"] in models}
    while new:
        found |= new
        new = {parent for key in new for parent in manifest["parent_map"].get(key, ())} - found
    return found


def count_kinds(target: Path) -> Counter[str]:
    """How many nodes of each kind a build ran."""
    results = _read(target, "run_results")["results"]
    return Counter(_kind(result["unique_id"]) for result in results)
