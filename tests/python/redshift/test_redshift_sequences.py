"""Runs that rebuild only what was touched give the same rows on Redshift as on DuckDB, run after run.

On DuckDB each of these runs is held to a full refresh (tests/python/incremental); here each table on the
stand-in is held to DuckDB's.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import redshift_connector

from sales_loader.load_service import LoadService
from sales_loader.settings.business_calendar import BusinessCalendar
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget
from tests.python.incremental.conftest import SEEDS
from tests.python.incremental.conftest import recording as recording
from tests.python.reference import KEYS
from tests.python.support.project_copy import Workshop, generate_files
from tests.python.support.replay.company import RUNS_WITH_ESTIMATES, Company
from tests.python.support.replay.playing import NOW, TEMPORARY, Replay
from tests.python.support.replay.recording import FEW_ARE_ENOUGH, Recording, Step, record_runs
from tests.redshift_stand_in.stand_in import StandIn

pytestmark = pytest.mark.thorough
Steps = list[tuple[str, int]]
SEQUENCES: dict[str, Steps] = {
    "runs with estimates": RUNS_WITH_ESTIMATES,
    "late lines and a corrected file": [
        ("new_day", 1), ("late_lines", 2), ("run", 0), ("corrected_file", 3), ("run", 0), ("run", 0),
    ],
    "options before their lines": [
        ("options_first", 4), ("run", 0), ("options_first", 11), ("new_day", 5), ("options_first", 12),
        ("run", 0),
    ],
    "a skipped month, and a late order before it": [
        ("skipped_month", 5), ("new_day", 6), ("run", 0), ("late_lines", 9), ("empty_day", 2), ("run", 0),
    ],
    "a withdrawn file and a second delivery": [
        ("new_day", 7), ("run", 0), ("second_delivery", 7), ("withdrawn_file", 8), ("run", 0),
        ("withdrawn_file", 13), ("run", 0),
    ],
    "a run that dies": [
        ("new_day", 14), ("run", 0), ("late_lines", 15), ("run_cut_off", 16), ("new_day", 17),
        ("corrected_file", 18), ("run", 0),
    ],
}  # fmt: skip


class RedshiftReplay(Replay):
    """The company's warehouse on the stand-in: the loader lands files through S3, recorded runs build."""

    def __init__(self, recording: Recording, stand_in: StandIn, folder: Path) -> None:
        self._recording = recording
        self._folder = folder
        self._stand_in = stand_in
        self._session = stand_in.connect()
        self._session.autocommit = True
        self._reader = duckdb.connect()
        place = WarehouseTarget(REDSHIFT, Path())
        self._warehouse = place.writable(BusinessCalendar(), None, 1, lambda _: None)  # type: ignore[assignment]
        self._service = LoadService(self._warehouse, self._reader, place.aws.s3, lambda: NOW, lambda _: None)
        self._is_built = False
        self._was_cut_off = False
        self._temporary_tables: list[str] = []

    def close(self) -> None:
        """Let go of all connections."""
        self._warehouse.close()
        self._session.close()
        self._reader.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the stand-in."""
        return [tuple(row) for row in self._execute(query).fetchall()]

    def start_anew(self) -> None:
        """Have raw tables without rows, the seeds, and no models."""
        self._is_built = self._was_cut_off = False
        for schema in ("intermediate", "marts"):
            self._execute(f"drop schema if exists {schema} cascade")
            self._execute(f"create schema {schema}")
        for (view,) in self._stand_in.query("select viewname from pg_views where schemaname = 'staging'"):
            self._execute(f"drop view staging.{view}")
        for (table,) in self._stand_in.query("select tablename from pg_tables where schemaname = 'raw'"):
            self._execute(f"delete from raw.{table}")

    def _forget_half_a_first_run(self) -> None:
        """Nothing to do: no first run is cut off here."""

    def _play(self, step: Step, _: str) -> None:
        # A session of dbt's ends with each run, and its temporary tables with it.
        for statement in step.statements:
            self._execute(statement)
            if temporary := TEMPORARY.search(statement):
                self._temporary_tables.append(temporary[1])
        while self._temporary_tables:
            self._execute(f"drop table if exists {self._temporary_tables.pop()}")

    def _execute(self, statement: str) -> redshift_connector.cursor.Cursor:
        cursor = self._session.cursor()
        cursor.execute(statement)
        return cursor


@pytest.fixture(scope="module")
def on_redshift(
    running_stand_in: StandIn, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RedshiftReplay]:
    """The stand-in with raw tables, seeds and what dbt sends to it."""
    folder = tmp_path_factory.mktemp("sequences")
    running_stand_in.reset()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in running_stand_in.environment().items():
            patch.setenv(name, value)
        made = Workshop.create(folder, SEEDS)
        workshop = Workshop(made.project, made.warehouse, {"WAREHOUSE_TARGET": "redshift"})
        size = ["--lines", "50", "--days", "3", "--restaurants", "2", "--customers", "5"]
        workshop.load(generate_files(folder / "files", *size))
        seeded = workshop.run("dbt", "seed", "--target", "redshift")
        assert seeded.returncode == 0, seeded.stdout
        first, later = record_runs(workshop, *FEW_ARE_ENOUGH, "--target", "redshift")
        source = folder / "source"
        source.mkdir()
        recording = Recording(first, later, (), folder)
        with closing(RedshiftReplay(recording, running_stand_in, source)) as replay:
            yield replay


@pytest.mark.parametrize("steps", SEQUENCES.values(), ids=SEQUENCES.keys())
def test_every_run_ends_like_the_one_on_duckdb(
    recording: Recording, on_redshift: RedshiftReplay, tmp_path: Path, steps: Steps
) -> None:
    on_redshift.start_anew()
    with closing(Replay(recording, tmp_path)) as on_duckdb:
        companies = [Company(on_duckdb), Company(on_redshift)]
        for kind, number in [("new_day", 0), *steps]:
            for company in companies:
                company.take(kind, number)
            if kind == "run":
                assert differing_marts(on_duckdb, on_redshift) == []
                assert on_duckdb.differences_to_a_full_refresh() == []


def differing_marts(on_duckdb: Replay, on_redshift: Replay) -> list[str]:
    """Names of the tables that do not hold the same rows."""
    return [
        mart
        for mart in KEYS
        if sorted(on_duckdb.rows(f"select * from marts.{mart}"), key=repr)
        != sorted(on_redshift.rows(f"select * from marts.{mart}"), key=repr)
    ]
