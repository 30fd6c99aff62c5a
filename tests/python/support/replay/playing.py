"""A warehouse in memory: the loader lands files, recorded runs build, a full refresh stands beside it."""

import itertools
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import duckdb

from sales_loader.aws import Aws
from sales_loader.load_service import LoadOptions, LoadService, Outcome
from sales_loader.settings.business_calendar import BusinessCalendar
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from tests.python.reference import KEYS

from .recording import HOOK, Recording, Step

RAW = (
    "order_items",
    "order_item_options",
    "date_dim",
    "rejected_rows",
    "load_files",
    "withdrawn_files",
    "removed_orders",
)
SEEDS = (
    "dayparts",
    "excluded_apps",
    "excluded_customers",
    "locations",
    "menu_category_corrections",
    "menu_category_costs",
)
NOW = datetime(2026, 1, 1)
Meanwhile = tuple[int, Callable[[], None]]
TEMPORARY = re.compile(r"create temporary table\s+(\"\w+\")")
SETTINGS = (
    "set integer_division = true; set default_null_order = 'nulls_last_on_asc_first_on_desc'; set threads = 1"
)


class Replay:
    """One company's warehouse over many daily runs."""

    def __init__(self, recording: Recording, folder: Path) -> None:
        self._recording = recording
        self._folder = folder
        self._connection = duckdb.connect(config={"threads": 1})
        self._connection.execute(SETTINGS)
        self._connection.execute(f"attach '{recording.template}' as recorded (read_only)")
        self._attach("warehouse", "recorded", with_rows=False)
        self._connection.execute("use warehouse")
        calendar = BusinessCalendar()
        self._warehouse = DuckDbWarehouse(Path("in memory"), lambda: self._connection, calendar)
        self._service = LoadService(self._warehouse, duckdb.connect(), Aws().s3, lambda: NOW, lambda _: None)
        self._is_built = False
        self._was_cut_off = False
        self._temporary = ""

    def close(self) -> None:
        """Let go of the memory."""
        self._connection.close()

    def load(self, name: str, content: bytes) -> None:
        """Land a file, or new content of one, with the loader."""
        path = self._folder / name
        path.write_bytes(content)
        (result,) = self._service.run([str(path)], LoadOptions(replace=True))
        assert result.outcome not in (Outcome.REFUSED, Outcome.FAILED), result

    def withdraw(self, name: str) -> None:
        """Take a file back."""
        self._warehouse.withdraw(name, NOW)

    def run(self, cut_off_after: int | None = None, meanwhile: Meanwhile | None = None) -> None:
        """Run dbt's statements.

        Args:
            cut_off_after: models after which the run dies; None lets it come to its end.
            meanwhile: models after which something is done, and what.
        """
        if not self._is_built:
            self._forget_half_a_first_run()
        steps = self._recording.later if self._is_built else self._recording.first
        for number, step in enumerate(steps):
            if number == cut_off_after:
                self._was_cut_off = True
                return
            if meanwhile and number == meanwhile[0]:
                meanwhile[1]()
            if step.node == HOOK and self._is_built and self._was_cut_off:
                # A run that takes up another forgets nothing, it only looks which changes there are.
                step = Step(HOOK, tuple(one for one in step.statements if one.startswith("update")))
            self._play(step, "warehouse")
        self._is_built, self._was_cut_off = True, False

    @property
    def model_count(self) -> int:
        """Number of steps of a run."""
        return len(self._recording.later)

    def differences_to_a_full_refresh(self) -> list[str]:
        """Build everything anew beside the warehouse and compare; one text per table that differs."""
        self._attach("fresh", "warehouse", with_rows=True)
        try:
            for step in self._recording.first:
                self._play(step, "fresh")
            return [text for mart in KEYS if (text := self._difference(mart))]
        finally:
            self._connection.execute("detach fresh")

    def failed_tests(self, names: Iterable[str] | None = None) -> list[str]:
        """Names of the data tests that find something, of all or some."""
        wanted = None if names is None else set(names)
        steps = (step for step in self._recording.tests if wanted is None or step.node in wanted)
        return [step.node for step in steps if self._one(step.statements[0])[0]]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the warehouse."""
        return self._connection.execute(query).fetchall()

    def _forget_half_a_first_run(self) -> None:
        for schema in ("intermediate", "marts"):
            self._connection.execute(f"drop schema {schema} cascade; create schema {schema}")
        for (view,) in self.rows("select view_name from duckdb_views() where schema_name = 'staging'"):
            self._connection.execute(f"drop view staging.{view}")

    def _one(self, query: str) -> tuple[object, ...]:
        return self.rows(query)[0]

    def _attach(self, name: str, like: str, *, with_rows: bool) -> None:
        """Make a database in memory with the seeds, and with or without the raw rows, of another one."""
        execute = self._connection.execute
        execute(f"attach ':memory:' as {name}")
        for schema in ("raw", "staging", "intermediate", "marts"):
            execute(f"create schema {name}.{schema}")
        for table in SEEDS:
            execute(f"create table {name}.staging.{table} as from {like}.staging.{table}")
        for table in RAW:
            limit = "" if with_rows else " limit 0"
            execute(f"create table {name}.raw.{table} as from {like}.raw.{table}{limit}")

    def _play(self, step: Step, database: str) -> None:
        for statement in step.statements:
            self._connection.execute(statement.replace('"warehouse".', f'"{database}".'))
            if temporary := TEMPORARY.search(statement):
                self._temporary = temporary[1]
        if self._temporary:
            self._connection.execute(f"drop table {self._temporary}")
            self._temporary = ""

    def _difference(self, mart: str) -> str:
        ours, theirs = f"warehouse.marts.{mart}", f"fresh.marts.{mart}"
        queries = (f"from {ours} except all from {theirs}", f"from {theirs} except all from {ours}")
        surplus, missing = (self.rows(query) for query in queries)
        if not surplus and not missing:
            return ""
        first = next(itertools.chain(surplus, missing))
        return f"{mart}: {len(surplus)} rows too many, {len(missing)} missing, for example {first}"
