"""Builds and tests the marts with dbt and writes the docs page, showing how far it has come."""

import gc
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sales_loader import last_build
from sales_loader.aws import Aws
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped_lines
from sales_loader.failing_rows import add_failing_rows
from sales_loader.options import database_option, dbt_target_option, project_option, wait_option
from sales_loader.own_data import OwnData
from sales_loader.project import environment, in_project
from sales_loader.redshift_settings import read_settings
from sales_loader.redshift_sign_in import dbt_environment, sign_in
from sales_loader.seeds import check_seeds
from sales_loader.targets import REDSHIFT, Place
from sales_loader.variables import given_variables
from sales_loader.waiting import held_open, patiently

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

DOCS_PAGE = Path("target/static_index.html")
# For commands whose files nobody reads: writing the manifest takes dbt half a second.
NOTHING_WRITTEN = "--no-write-json"
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
FAULTS = {"error": "error", "fail": "failed", "warn": "warning"}  # dbt's word: ours, worst first
# dbt makes objects by the hundred thousand that stay: looking for dead ones as often as Python does by itself
# takes a twelfth of a build with little data.
_SELDOM = (20_000, 20, 100)
_FIRST_SENTENCE = re.compile(r".+?(?:[.!?:](?= )|$)")
KINDS = ("model", "seed", "snapshot", "test")
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
    """Why operations failed, which dbt tells in its events only."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, message: "EventMsg") -> None:
        """Take one event of dbt."""
        if message.info.name in ("RunningOperationCaughtError", "RunningOperationUncaughtError"):
            self.texts.append(message.data.exc)


def describe_faults(results: Iterable["RunResult"]) -> list[str]:
    """Say what went wrong, worst first.

    Args:
        results: what became of each node of a dbt build.

    Returns:
        One text per error, failed test or warning: its kind, name, what it checks or is, dbt's message and
        where its SQL stands; of a failed test the SQL too.
    """
    faulty = [result for result in results if result.status.value in FAULTS]
    faulty.sort(key=lambda result: (list(FAULTS).index(result.status.value), result.node.name))
    return [describe_fault(result) for result in faulty]


def describe_fault(result: "RunResult") -> str:
    """Say what went wrong with one node."""
    lines = [
        f"{FAULTS[result.status.value]}: {result.node.name} ({result.node.original_file_path})",
        _explained(result),
        (result.message or "").strip(),
        f"its SQL: {getattr(result.node, 'compiled_path', None) or 'not compiled'}",
        indent(compiled_sql(result), "    ") if result.status.value == "fail" else "",
    ]
    return escaped_lines("\n".join(line for line in lines if line))


def compiled_sql(result: "RunResult") -> str:
    """The SQL of a node as the warehouse got it; empty where there is none."""
    return str(getattr(result.node, "compiled_code", None) or "").strip()


def _explained(result: "RunResult") -> str:
    """What a test checks; of anything else one sentence, as its description may fill a page."""
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
        results: what became of each node of a dbt build.

    Returns:
        For example `44 models, 6 seeds, 1 snapshot, 199 tests done; 0 skipped`.
    """
    nodes = list(results)
    done = Counter(node.node.resource_type.value for node in nodes if node.status.value != "skipped")
    skipped = sum(node.status.value == "skipped" for node in nodes)
    parts = [f"{done[kind]} {kind}{'' if done[kind] == 1 else 's'}" for kind in KINDS if done[kind]]
    return f"{', '.join(parts)} done; {skipped} skipped"


class Dbt:
    """dbt in this process, on a project that is read once for all commands.

    Args:
        options: dbt's options that hold for all of them, such as ``--vars`` and ``--target``.
        progress: where to show how far a command has come.
        wait_minutes: how long to wait for another process that holds the DuckDB file open.
    """

    def __init__(self, options: Sequence[str], progress: Progress, wait_minutes: float = 0) -> None:
        self._options = options
        self._wait_minutes = wait_minutes
        self._progress = progress
        self._project: Manifest | None = None

    def read_project(self) -> None:
        """Read the project, if that was not done yet.

        Raises:
            BuildFailedError: the project does not parse.
        """
        if self._project is None:
            gc.set_threshold(*_SELDOM)
            self._project = self._invoke("parse", NOTHING_WRITTEN)

    def run(self, *command: str) -> list["RunResult"]:
        """Run one command.

        Returns:
            What became of each node; empty for commands that run none.

        Raises:
            BuildFailedError: dbt could not even start, for example because the project does not parse, or an
                operation has failed.
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
        _let_go_of_the_warehouse()
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
    """A bar for ``Dbt`` on a terminal, nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@contextmanager
def signed_in_for_dbt(target: str) -> Iterator[None]:
    """Have in the environment what dbt signs in to Redshift with, as it knows fewer ways than the loader.

    Afterwards the environment is as it was: the loader would find two ways to sign in, one of them expiring.
    """
    if not target.startswith(REDSHIFT):
        yield
        return
    with environment(dbt_environment(sign_in(read_settings(os.environ), Aws()))):
        yield


def _warehouse_files() -> list[Path]:
    # Where dbt has worked, as a profile may name another place than the loader's: a DuckDB file and its log.
    # Nothing where it is no single file.
    from dbt.adapters.factory import FACTORY

    adapter: Any = FACTORY.adapters.get("duckdb")
    if adapter is None or adapter.config.credentials.attach:
        return []
    file = Path(adapter.config.credentials.path)
    return [file, file.with_name(f"{file.name}.wal")] if file.is_file() else []


def _let_go_of_the_warehouse() -> None:
    # dbt keeps the DuckDB file open until the process ends, and another connection may want it before.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import FACTORY

    adapters: Any = FACTORY.adapters.values()
    for adapter in adapters:
        adapter.cleanup_connections()
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@click.command(
    epilog="Example: sales-loader build --vars '{item_price_basis: unit}'",
    short_help="Build and test the marts with dbt.",
)
@database_option
@project_option
@click.option("--vars", "variables", default="{}", help="Variables of the models, over settings.yml.")
@dbt_target_option
@click.option(
    "--full-refresh", is_flag=True, help="Compute all past figures anew, by the definitions of now."
)
@click.option("--docs/--no-docs", default=True, show_default=True, help="Write the docs as one static page.")
@click.option("--force", is_flag=True, help="Build even if nothing has changed since the last good build.")
@wait_option
@click.pass_context
def build(
    ctx: click.Context,
    database: Path,
    project_dir: Path,
    variables: str,
    target: str,
    full_refresh: bool,
    docs: bool,
    force: bool,
    wait_minutes: float,
) -> None:
    """Build and test the marts with dbt, then write the docs page.

    Takes profiles.yml of DBT_PROFILES_DIR, else of the project's folder, else profiles.yml.example. Builds
    nothing when neither a DuckDB warehouse nor the project has changed since the last good build. Ends with 1
    when a model cannot be built or a test fails; what is downstream of it is then left as it was.
    """
    ctx.with_resource(in_project(project_dir, database))
    check_seeds(Path())
    given = json.dumps(given_variables(Path(), variables), default=str)
    record = last_build.record_of(target)
    fingerprint = last_build.made_from([given, target, f"docs={docs}"])
    said = None if force or full_refresh else last_build.recall(record, fingerprint)
    if said is not None:
        click.echo("\n".join(said))
        click.echo("That was the last build. Nothing has changed since: nothing to build (--force builds).")
        return
    own_data = OwnData.read(Place(target, database), variables)
    own_data.refuse_other_currency()
    record.unlink(missing_ok=True)  # as a build begins whose end nobody knows
    with signed_in_for_dbt(target), dbt_progress(Console(stderr=True)) as progress:
        dbt = Dbt(["--vars", given, "--target", target], progress, wait_minutes)
        refresh = ["--full-refresh"] if full_refresh else []
        results = dbt.run("build", *NO_UNIT_TESTS, *refresh)
        warehouse = last_build.looks_of(_warehouse_files())  # at once: what others write from now on is new
        if docs:
            dbt.run("docs", "generate", "--static", "--no-compile")  # the build has compiled everything
        page = last_build.looks_of([DOCS_PAGE] if docs else [])
    faults = describe_faults(results)
    for fault in faults:
        click.echo(fault, err=True)
    failed = [result.node.name for result in results if result.status.value == "fail"]
    summary = [
        f"dbt build: {summarise(results)}",
        *own_data.findings(failed),
        *([f"The tables, explained: {DOCS_PAGE}"] if docs else []),
    ]
    click.echo("\n".join(summary))
    if any(not fault.startswith("warning") for fault in faults):
        raise BuildFailedError("The build has failed: see above. What depends on it was not built anew.")
    if warehouse:
        last_build.remember(record, fingerprint, warehouse | page, [*faults, *summary])
