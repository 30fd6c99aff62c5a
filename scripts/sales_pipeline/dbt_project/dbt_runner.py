"""dbt in this process, showing how far it has come."""

import gc
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sales_loader.errors import LoaderError
from sales_loader.warehouses.duckdb.waiting import held_open, patiently
from sales_pipeline.dbt_project.failing_rows import add_failing_rows

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

# For commands whose files nobody reads: writing the manifest takes dbt half a second.
NOTHING_WRITTEN = "--no-write-json"
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
# dbt makes hundreds of thousands of objects that stay. Collecting garbage as often as Python does by default
# takes a twelfth of a build with little data.
_GC_THRESHOLDS = (20_000, 20, 100)
# dbt's log file holds each statement otherwise, which takes an eighth of a build with little data.
_LOG_LEVEL_FILE = ("DBT_LOG_LEVEL_FILE", "DBT_LOG_LEVEL")


class BuildFailedError(LoaderError):
    """A model could not be built or a test found something wrong."""


class Bar:
    """A progress bar that follows dbt's events."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("reading the project", total=None)

    def __call__(self, message: "EventMsg") -> None:
        """Take one event of dbt."""
        match message.info.name:
            case "ConcurrencyLine":
                self._progress.update(self._task, total=message.data.node_count)
            case "NodeStart":
                self._progress.update(self._task, description=message.data.node_info.node_name)
            case "NodeFinished":
                self._progress.advance(self._task)

    def remove(self) -> None:
        """Take the bar off the screen."""
        self._progress.remove_task(self._task)


class OperationErrors:
    """Why operations failed, which dbt reports only in its events."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, message: "EventMsg") -> None:
        """Take one event of dbt."""
        if message.info.name in ("RunningOperationCaughtError", "RunningOperationUncaughtError"):
            self.texts.append(message.data.exc)


class Dbt:
    """dbt in this process; all commands share one parse of the project.

    Args:
        options: dbt's options for all commands, such as ``--vars`` and ``--target``.
        progress: shows how far a command has come.
        wait_minutes: how long to wait for another process that holds the DuckDB file open.
    """

    def __init__(self, options: Sequence[str], progress: Progress, wait_minutes: float = 0) -> None:
        self._options = options
        self._wait_minutes = wait_minutes
        self._progress = progress
        self._project: Manifest | None = None

    def read_project(self) -> None:
        """Parse the project, unless that is done already.

        Raises:
            BuildFailedError: the project does not parse.
        """
        if self._project is None:
            gc.set_threshold(*_GC_THRESHOLDS)
            self._project = self._invoke("parse", NOTHING_WRITTEN)

    def run(self, *command: str) -> list["RunResult"]:
        """Run one command.

        Returns:
            The result of each node; empty for commands that run none.

        Raises:
            BuildFailedError: dbt could not start, for example because the project does not parse, or an
                operation failed.
            HeldOpenError: another process holds the DuckDB file open.
        """
        self.read_project()
        outcome = patiently(lambda: self._invoke(*command), self._wait_minutes)
        return list(getattr(outcome, "results", []))

    def _invoke(self, *command: str) -> Any:
        from dbt.cli.main import dbtRunner  # takes a second to import, which other commands need not wait for

        bar, operation_errors = Bar(self._progress), OperationErrors()
        runner = dbtRunner(manifest=self._project, callbacks=[bar, operation_errors])
        outcome = runner.invoke(["--log-level", "none", *_log_options(), *command, *self._options])
        bar.remove()
        add_failing_rows(getattr(outcome.result, "results", []))
        _close_connections()
        if isinstance(outcome.exception, KeyboardInterrupt):
            raise outcome.exception
        messages = [result.message or "" for result in getattr(outcome.result, "results", [])]
        if held := held_open("\n".join([str(outcome.exception), *operation_errors.texts, *messages])):
            raise held from outcome.exception
        if stopped_by := outcome.exception or "\n".join(operation_errors.texts):
            raise BuildFailedError(f"dbt {command[0]} stopped: {stopped_by}") from outcome.exception
        return outcome.result


def _log_options() -> list[str]:
    is_set = any(os.environ.get(name) for name in _LOG_LEVEL_FILE)
    return [] if is_set else ["--log-level-file", "info"]


def dbt_progress(console: Console) -> Progress:
    """A progress bar for ``Dbt``; shown only on a terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def warehouse_files() -> list[Path]:
    """The DuckDB file that dbt has worked on, as its profile says, and its log; none for other warehouses."""
    from dbt.adapters.factory import FACTORY

    adapter: Any = FACTORY.adapters.get("duckdb")
    if adapter is None or adapter.config.credentials.attach:
        return []
    file = Path(adapter.config.credentials.path)
    return [file, file.with_name(f"{file.name}.wal")] if file.is_file() else []


def _close_connections() -> None:
    # dbt keeps the DuckDB file open until the process ends, and another connection may need it sooner.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    adapters: Any = FACTORY.adapters.values()
    for adapter in adapters:
        adapter.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
