"""Rows and bytes of the tables of a warehouse, and the rows that a daily run has written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ("raw", "staging", "intermediate", "marts")
_PACKED = "(format parquet, compression zstd)"


@dataclass(frozen=True)
class Model:
    """A table that dbt builds.

    Attributes:
        name: of the model.
        table: schema and name of what it builds.
        query: its compiled select.
        is_kept: whether it keeps its rows from run to run.
        key: columns, separated by commas, that say which kept rows a daily run rebuilds; empty if all are.
        changes: table that names them.
        sort: configured sort key on Redshift.
        dist: configured distribution on Redshift.
        and_later: whether it holds the first value, and all later ones are rebuilt too.
        changed_dates: tables that name the dates on which they lie, where the key is none.
    """

    name: str
    table: str
    query: str
    is_kept: bool
    key: str
    changes: str
    sort: tuple[str, ...]
    dist: str
    and_later: bool = False
    changed_dates: tuple[str, ...] = ()

    @property
    def found_by(self) -> str:
        """The columns whose values say in which blocks of the table a daily run's rows can lie."""
        return "business_date" if self.changed_dates else self.key

    @property
    def compared(self) -> list[str]:
        """Columns that are read to find the rows which a daily run replaces."""
        return [*self.key.split(", "), *(["business_date"] if self.changed_dates else [])]

    @property
    def written_filter(self) -> str:
        """What restricts a select to the rows that a daily run writes; empty where it writes them all."""
        if not self.changes:
            return ""
        changed = f"in (select {self.key}" if not self.and_later else f">= (select min({self.key})"
        return f" where {self.key} {changed} from intermediate.{self.changes})"


def read_models(manifest: Path) -> list[Model]:
    """The models that are tables, by name.

    Args:
        manifest: dbt's, of a compilation.
    """
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    tables = [
        node
        for node in nodes
        if node["resource_type"] == "model" and node["config"]["materialized"] in ("table", "incremental")
    ]
    return sorted(map(_model, tables), key=lambda model: model.name)


def read_tests(manifest: Path) -> dict[str, str]:
    """The compiled SQL of the data tests by name, except those of snapshots, which a sample has none of."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return {
        node["name"]: node["compiled_code"]
        for node in nodes
        if node["resource_type"] == "test"
        and not any(name.startswith("snapshot.") for name in node["depends_on"]["nodes"])
    }


def _model(node: Mapping[str, Any]) -> Model:
    config = node["config"]
    meta = config["meta"]
    changes = meta.get("changes", "")
    is_kept = bool(changes)
    return Model(
        name=node["name"],
        table=f"{node['schema']}.{node['alias']}",
        query=node["compiled_code"],
        is_kept=is_kept,
        key=", ".join(_listed(config["unique_key"])) if is_kept else "",
        changes=changes,
        and_later=meta.get("and_later", False),
        changed_dates=tuple(meta.get("changed_dates", ())),
        sort=_listed(config.get("sort")),
        dist=config.get("dist") or "",
    )


def _listed(value: str | list[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def count_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table by schema and name."""
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables "
        "where table_type = 'BASE TABLE' and table_schema in (select unnest(?)) order by 1",
        [list(SCHEMAS)],
    ).fetchall()
    return {name: _count(connection, name) for (name,) in found}


def count_written_rows(connection: duckdb.DuckDBPyConnection, models: list[Model]) -> dict[str, int]:
    """Rows that the last run has written into each model, by its table."""
    return {model.table: _count(connection, model.table + model.written_filter) for model in models}


def _count(connection: duckdb.DuckDBPyConnection, what: str) -> int:
    row = connection.execute(f"select count(*) from {what}").fetchone()
    assert row is not None
    return int(row[0])


def measure_bytes(
    connection: duckdb.DuckDBPyConnection, table: str, sort: tuple[str, ...], folder: Path
) -> dict[str, float]:
    """Bytes that a row has in each column of a table, packed as Parquet with zstd.

    Args:
        connection: of the warehouse.
        table: schema and name.
        sort: columns by which the rows are ordered first.
        folder: where the packed file goes.
    """
    path = folder / f"{table}.parquet"
    order = f" order by {', '.join(sort)}" if sort else ""
    connection.execute(f"copy (select * from {table}{order}) to '{path}' {_PACKED}")
    packed = connection.execute(
        "select path_in_schema, sum(total_compressed_size), sum(num_values) from parquet_metadata(?) "
        "group by path_in_schema",
        [str(path)],
    ).fetchall()
    path.unlink()
    return {name: float(size) / rows if rows else 0.0 for name, size, rows in packed}


def types_of(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """Type of every column, by table and name."""
    rows = connection.execute(
        "select table_schema || '.' || table_name, column_name, data_type from information_schema.columns "
        "where table_schema in (select unnest(?))",
        [list(SCHEMAS)],
    ).fetchall()
    return {(table, column): kind for table, column, kind in rows}
