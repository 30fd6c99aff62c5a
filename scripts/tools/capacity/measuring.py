"""What one daily run reads, moves and writes in a generated warehouse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tools.capacity.profiles import Movement, Profile, Scan, connect, profile
from tools.capacity.samples import Sample, Size
from tools.capacity.tables import (
    Model,
    count_rows,
    count_written_rows,
    measure_bytes,
    read_models,
    read_tests,
    types_of,
)

# Slices that a small table is sent to if that moves fewer rows than bringing both sides together.
SLICES = 8
# As if the run had not ended yet, so that its loads count as new.
_BEFORE_ITS_END = """
update intermediate.run_state
set built_load_id = (
    select max(load_id) from raw.load_files
    where batch_id < (select max(batch_id) from raw.load_files)
)
"""
# Loads are numbered in order of time, so that a filter on them is one on time.
_LOADS = ("load_id", "_load_id")


@dataclass(frozen=True)
class DailyRun:
    """The counts of a warehouse after a daily run.

    Attributes:
        size: of the franchise.
        models: the tables that dbt builds.
        rows: of every table.
        written: rows that the daily run wrote, by table.
        profiles: what the model's select did, by the model's name.
        tests: what the data tests did, by name.
    """

    size: Size
    models: list[Model]
    rows: Mapping[str, int]
    written: Mapping[str, int]
    profiles: Mapping[str, Profile]
    tests: Mapping[str, Profile]


def measure(sample: Sample) -> DailyRun:
    """Count, and run again what the daily run ran.

    Args:
        sample: the warehouse; it stays as it is.
    """
    manifest = sample.target / "manifest.json"
    models = read_models(manifest)
    with connect(str(sample.warehouse)) as connection:
        known = types_of(connection)
        connection.execute("begin")
        connection.execute(_BEFORE_ITS_END)
        profiles = {model.name: _profile(connection, model.query, known) for model in models}
        tests = {name: _profile(connection, query, known) for name, query in read_tests(manifest).items()}
        connection.execute("rollback")
        return DailyRun(
            sample.size,
            models,
            count_rows(connection),
            count_written_rows(connection, models),
            profiles,
            tests,
        )


def _profile(
    connection: duckdb.DuckDBPyConnection, query: str, known: Mapping[tuple[str, str], str]
) -> Profile:
    """Run a query; of its filters, keep only real columns."""
    done = profile(connection, query)
    scans = tuple(_with_real_columns(scan, known) for scan in done.scans)
    return Profile(scans, done.movements)


def _with_real_columns(scan: Scan, known: Mapping[tuple[str, str], str]) -> Scan:
    def real(names: Iterable[str]) -> frozenset[str]:
        return frozenset(name for name in names if (scan.table, name) in known)

    # Values of an id lie anywhere: no order of rows lets blocks be skipped by them.
    dated = (name for name in real(scan.filtered) if known[scan.table, name] == "DATE" or name in _LOADS)
    return Scan(scan.table, real(scan.columns), frozenset(dated), scan.rows)


class Bytes:
    """Estimates bytes from what a row has in each column.

    Args:
        per_row: bytes by table and column.
        sorts: first column of the sort key by table.
    """

    def __init__(self, per_row: Mapping[str, Mapping[str, float]], sorts: Mapping[str, str]) -> None:
        self._per_row = per_row
        self._sorts = sorts

    def width(self, table: str, columns: Iterable[str] | None = None) -> float:
        """Bytes of a row in some columns, or in all."""
        widths = self._per_row.get(table, {})
        return sum(widths.values() if columns is None else (widths.get(name, 0.0) for name in columns))

    def read(self, daily_run: DailyRun, scans: Iterable[Scan], *, skipping: bool) -> float:
        """Bytes that scans read.

        Args:
            daily_run: in which they ran.
            scans: what was read.
            skipping: whether blocks are skipped by the sort key, where a scan is restricted by it.
        """
        total = 0.0
        for scan in scans:
            skips = skipping and self._sorts.get(scan.table) in scan.filtered
            rows = scan.rows if skips else daily_run.rows.get(scan.table, 0)
            total += rows * self.width(scan.table, scan.columns)
        return total

    def deleted(self, daily_run: DailyRun, model: Model, *, skipping: bool) -> float:
        """Bytes that are read to find the rows which a daily run replaces.

        Args:
            daily_run: in which they are replaced.
            model: whose rows.
            skipping: whether blocks are skipped by the sort key; next to nothing is left then.
        """
        if not model.is_kept or (skipping and model.sort[:1] == (model.found_by,)):
            return 0.0
        return daily_run.rows[model.table] * self.width(model.table, model.compared)

    def published(self, daily_run: DailyRun, *, skipping: bool) -> float:
        """Bytes that are read to copy what the daily run has built over what is in use.

        Args:
            daily_run: that is published.
            skipping: whether blocks are skipped by the sort key.
        """
        total = 0.0
        for model in daily_run.models:
            if model.table.startswith("marts."):
                total += daily_run.written[model.table] * self.width(model.table)
                total += 2 * self.deleted(daily_run, model, skipping=skipping)
        return total


def moved(movement: Movement, home: str = "") -> int:
    """Rows that go from one slice to another, at most, by the known way that moves the fewest.

    Args:
        movement: what must come together.
        home: column by whose value all rows lie on their slice already; empty where there is none.
    """
    if home and home in movement.key.split(", "):
        return 0
    if movement.step == "window":
        return sum(movement.inputs)
    if movement.step == "group":
        return min(*movement.inputs, SLICES * movement.output)
    small = SLICES * min(movement.inputs)
    # Rows without a common key can only meet on every slice.
    return min(small, sum(movement.inputs)) if movement.key else small


def home_column(done: Profile, dists: Mapping[str, str]) -> str:
    """The column by which all tables with it that a statement reads are distributed; empty if there is none.

    Args:
        done: what the statement did.
        dists: column that a table is distributed by, of those that are.
    """
    for column in sorted(set(dists.values())):
        readers = [scan.table for scan in done.scans if column in scan.columns]
        if readers and all(dists.get(table) == column for table in readers):
            return column
    return ""


def packed_widths(sample: Sample, models: list[Model], folder: Path) -> dict[str, dict[str, float]]:
    """Bytes a row of every table has in each column, packed in the order of its sort key."""
    sorts = {model.table: model.sort for model in models}
    folder.mkdir(parents=True, exist_ok=True)
    with connect(str(sample.warehouse)) as connection:
        return {
            table: measure_bytes(connection, table, sorts.get(table, ()), folder)
            for table in count_rows(connection)
        }
