"""The command `daily`: load what is new, build beside the marts in use, publish if every test passes."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import duckdb
from rich.console import Console
from rich.progress import Progress

from sales_export.duckdb_files import FORMATS
from sales_export.export import DEFAULT_FOLDER, Export
from sales_loader.commands.options import (
    database_option,
    memory_limit_option,
    project_option,
    target_option,
    vars_option,
    wait_option,
)
from sales_loader.errors import LoaderError, UsageError
from sales_loader.escaping import escaped_lines
from sales_loader.events import Level
from sales_loader.load_service import EXIT_FAILED, FileResult, LoadOptions, exit_code
from sales_loader.load_sources import load_sources
from sales_loader.report import TextReporter
from sales_loader.settings.project import absolute
from sales_loader.settings.variables import given_variables, read_variables
from sales_loader.warehouses.duckdb.database import explained
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget
from sales_pipeline.daily.publication import not_published
from sales_pipeline.daily.reject_threshold import refuse_too_many_rejected
from sales_pipeline.daily.run_lock import run_lock
from sales_pipeline.daily.run_record import DAILY_JSON, recorded, step
from sales_pipeline.daily.run_summary import RunSummary, print_summary
from sales_pipeline.dbt_project.dbt_runner import NO_UNIT_TESTS, NOTHING_WRITTEN, Dbt, dbt_progress
from sales_pipeline.dbt_project.docs_page import DOCS_PAGE, DocsPage
from sales_pipeline.dbt_project.environment import in_project, signed_in_for_dbt
from sales_pipeline.dbt_project.run_results import describe_faults
from sales_pipeline.report import REPORT_PAGE, report_of
from sales_pipeline.settings_check import SettingsCheck
from sales_pipeline.warehouse_queries import open_query

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

CANDIDATE = {"schema_suffix": "next", "awaits_publication": True}
CANDIDATE_TARGET = Path("target/next")
# dbt's results of the build; the run's other dbt commands do not overwrite them.
RUN_RESULTS = CANDIDATE_TARGET / "run_results.json"
SNAPSHOT = "customer_status_snapshot"
# Tests that only a change of the code can break, and tests of seeds, which the loader has checked already.
# `build` and CI run them.
FULL_BUILD_ONLY = "tag:full_build_only"


class DailyRun:
    """The steps of a daily run; any of them may be the last.

    Args:
        warehouse_target: the warehouse.
        variables: variables of the models.
        largest_share: largest allowed share of rejected rows among the new ones, 0 to 1.
        progress: shows how far dbt has come.
        begin: gives the context that a step runs in, by the step's name.
    """

    def __init__(
        self,
        warehouse_target: WarehouseTarget,
        variables: Mapping[str, Any],
        largest_share: Any,
        progress: Progress,
        begin: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._begin = begin
        self._refuse_too_many_rejected = partial(
            refuse_too_many_rejected, warehouse_target, largest_share, is_built=True
        )
        # Each has its own target folder: with other variables in the same folder, dbt would parse the whole
        # project again.
        candidate = _options(warehouse_target, {**variables, **CANDIDATE})
        folder = ["--target-path", str(CANDIDATE_TARGET)]
        self._candidate = Dbt([*candidate, *folder], progress, warehouse_target.wait_minutes)
        self._published = Dbt(_options(warehouse_target, variables), progress, warehouse_target.wait_minutes)

    def run(self, summary: RunSummary, *, full_refresh: bool, docs: DocsPage | None) -> list[str]:
        """Build and test beside the marts in use, and publish when nothing has failed.

        Args:
            summary: takes note of what is done.
            full_refresh: compute all past figures again.
            docs: the docs page, written only if it is out of date; None for none.

        Returns:
            What went wrong and what is worth a look, worst first.

        Raises:
            TooManyRejectedError: files that landed during the build have too many rejected rows.
        """
        with self._begin("parse"):
            self._candidate.read_project()
        stale = self._judge_freshness(summary)
        faults = self._build(summary, full_refresh)
        if summary.failed_step is None:
            self._publish(summary)
            try:
                faults += self._observe(summary)
            except LoaderError as error:
                summary.add_problem(str(error))
                faults.append(str(error))
            if docs is not None and docs.is_due():
                faults += written("docs", partial(self._write, docs), summary, self._begin)
        return stale + faults

    def _judge_freshness(self, summary: RunSummary) -> list[str]:
        with self._begin("freshness"):
            stale = describe_faults(
                self._candidate.run("source", "freshness", NOTHING_WRITTEN, "--no-populate-cache")
            )
        summary.is_fresh = not stale
        return stale

    def _build(self, summary: RunSummary, full_refresh: bool) -> list[str]:
        refresh = ["--full-refresh"] if full_refresh else []
        exclude = ("--exclude", f"{SNAPSHOT}+", FULL_BUILD_ONLY)
        with self._begin("build"):
            built = self._candidate.run("build", *NO_UNIT_TESTS, *exclude, *refresh)
        return _judged("build", built, summary)

    def _publish(self, summary: RunSummary) -> None:
        with self._begin("publish"):
            self._refuse_too_many_rejected()
            self._candidate.run("run-operation", "publish", NOTHING_WRITTEN)
        summary.is_published = True

    def _observe(self, summary: RunSummary) -> list[str]:
        """Take the snapshot of customers; only after publishing, as it records what readers have seen."""
        with self._begin("snapshot"):
            observed = self._candidate.run(
                "build", "--select", SNAPSHOT, NOTHING_WRITTEN, "--cache-selected-only"
            )
        return _judged("snapshot", observed, summary)

    def _write(self, docs: DocsPage) -> Path:
        self._published.run("docs", "generate", "--static")
        docs.is_written()
        return DOCS_PAGE


def written(
    name: str,
    write: Callable[[], object],
    summary: RunSummary,
    begin: Callable[[str], AbstractContextManager[None]],
) -> list[str]:
    """Write something for readers of the marts; what goes wrong with it leaves the publication as it is.

    Args:
        name: of the step.
        write: gives the place.
        summary: takes note of it.
        begin: gives the context that a step runs in.

    Returns:
        What went wrong.
    """
    try:
        with begin(name):
            summary.written[name] = str(write())
    except (LoaderError, duckdb.Error, OSError) as error:
        fault = explained(error, f"the {name}") if isinstance(error, duckdb.Error) else str(error)
        summary.add_problem(fault)
        return [fault]
    return []


def _judged(name: str, results: list["RunResult"], summary: RunSummary) -> list[str]:
    """What went wrong in a step; the summary notes it too."""
    summary.add_results(results)
    faults = describe_faults(results)
    if not all(fault.startswith("warning") for fault in faults):
        summary.failed_step = name
    return faults


def _options(warehouse_target: WarehouseTarget, variables: Mapping[str, Any]) -> list[str]:
    return ["--vars", json.dumps(variables, default=str), "--target", warehouse_target.name]


@click.command(
    epilog="Example: sales-loader daily exports --vars '{max_rejected_share: 0.02}'",
    short_help="The daily run: load, build, test, publish.",
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@target_option
@database_option
@project_option
@memory_limit_option
@vars_option
@click.option("--full-refresh", is_flag=True, help="Compute all past figures again.")
@click.option(
    "--docs/--no-docs",
    default=True,
    show_default=True,
    help="Write the docs as one static page, if the project has changed since.",
)
@click.option(
    "--report/--no-report", default=True, show_default=True, help="Write the report, target/report.html."
)
@click.option(
    "--export-to",
    envvar="EXPORT_TO",
    metavar="FOLDER|S3",
    help="Where the marts are copied to for BI tools, as `export` does.  "
    f"[default: $EXPORT_TO, else {DEFAULT_FOLDER} for a DuckDB warehouse, nowhere for Redshift]",
)
@click.option(
    "--export-format",
    envvar="EXPORT_FORMAT",
    type=click.Choice(FORMATS),
    help="Format of this copy.  [default: $EXPORT_FORMAT, else duckdb; for Redshift parquet]",
)
@click.option("--no-export", is_flag=True, help="Copy the marts nowhere.")
@click.option(
    "--summary",
    "summary_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the summary as JSON, and a dated copy in the folder of that name.  "
    "[default: target/daily.json in the project's folder]",
)
@wait_option
@click.pass_context
def daily(
    ctx: click.Context,
    sources: tuple[str, ...],
    target: str,
    database: Path,
    project_dir: Path,
    memory_limit: str,
    overrides: str,
    full_refresh: bool,
    docs: bool,
    report: bool,
    export_to: str | None,
    export_format: str | None,
    no_export: bool,
    summary_path: Path | None,
    wait_minutes: float,
) -> None:
    """Load what is new, build and test the marts beside the ones in use, then publish them.

    SOURCE is a file or folder, relative to the current folder, or an s3:// prefix. When a test fails, or too
    many rows were rejected, the marts stay as they are, and the next run tries again. A second run at the
    same time ends with a message. Then docs page, report and export are written; when that fails, the marts
    stay published.

    Exit code: 0 all landed and published, 1 a file was refused or something failed, 2 wrong usage,
    3 published, with rejected rows.
    """
    warehouse_target = WarehouseTarget(target, database, memory_limit, wait_minutes)
    sources = tuple(map(absolute, sources))
    summary_path = summary_path.absolute() if summary_path else DAILY_JSON
    export = None if no_export else _export(warehouse_target, export_to, export_format)
    ctx.with_resource(in_project(project_dir, database))
    variables = read_variables(Path(), overrides)
    given = _given(overrides)
    summary = RunSummary(warehouse=str(warehouse_target), started_at=datetime.now(UTC))
    begin = partial(step, summary, summary_path)
    files: list[FileResult] = []
    with run_lock(warehouse_target), recorded(summary, summary_path):
        try:
            with begin("load"):
                files = _load(warehouse_target, sources, overrides, summary)
            with begin("check"):
                refuse_too_many_rejected(warehouse_target, variables["max_rejected_share"])
                settings_check = SettingsCheck.read(warehouse_target, overrides)
                settings_check.refuse_other_currency()
            # Before signing in, which changes the environment that the page's fingerprint depends on.
            page = DocsPage.of(target, given) if docs else None
            with signed_in_for_dbt(target), dbt_progress(Console(stderr=True)) as progress:
                run = DailyRun(warehouse_target, given, variables["max_rejected_share"], progress, begin)
                faults = run.run(summary, full_refresh=full_refresh, docs=page)
            if summary.is_published and report:
                write_report = partial(_write_report, warehouse_target, variables)
                faults += written("report", write_report, summary, begin)
            if summary.is_published and export:
                faults += written("export", lambda: export.write().place, summary, begin)
            found = settings_check.findings(summary.tests_failed)
            summary.warnings += found
            faults += found
        except UsageError:
            raise
        except LoaderError as error:
            faults = [str(error)]
            summary.add_problem(str(error))
        with suppress(LoaderError):  # a warehouse that cannot be read was reported above
            _add_warehouse_facts(warehouse_target, summary)
        is_good = summary.is_published and summary.failed_step is None
        summary.end(exit_code(files) if is_good else EXIT_FAILED)
    for fault in faults:
        click.echo(escaped_lines(fault), err=True)
    print_summary(summary, Console(markup=False, emoji=False))
    ctx.exit(summary.exit_code or 0)


def _load(
    warehouse_target: WarehouseTarget, sources: Sequence[str], overrides: str, summary: RunSummary
) -> list[FileResult]:
    """Load; show what became of each file, and note it in the summary."""
    reporter = TextReporter()
    files: list[FileResult] = []
    try:
        files = load_sources(warehouse_target, sources, LoadOptions(), reporter, overrides=overrides)
    finally:
        reporter.finish(files)
        summary.warnings = [event.message for event in reporter.messages if event.level is Level.WARNING]
    summary.add_files(files)
    return files


def _add_warehouse_facts(warehouse_target: WarehouseTarget, summary: RunSummary) -> None:
    """Note what the warehouse holds at the end of the run."""
    summary.landed_not_published = [load.file_name for load in not_published(warehouse_target)]
    with open_query(warehouse_target) as query:
        summary.add_marts(query)


def _export(warehouse_target: WarehouseTarget, to: str | None, file_format: str | None) -> Export | None:
    """The export after publication; None for none.

    Raises:
        UsageError: the place or the format does not go with the warehouse.
    """
    if not to and warehouse_target.name == REDSHIFT:
        return None
    return Export(warehouse_target, absolute(to) if to else str(DEFAULT_FOLDER), file_format, Path())


def _write_report(warehouse_target: WarehouseTarget, variables: Mapping[str, Any]) -> Path:
    report_of(warehouse_target, variables, REPORT_PAGE)
    return REPORT_PAGE


def _given(overrides: str) -> dict[str, Any]:
    """Variables of the command line and of ``settings.yml``.

    Raises:
        UsageError: they set a variable that the command sets itself.
    """
    given = given_variables(Path(), overrides)
    if taken := sorted(set(given) & set(CANDIDATE)):
        raise UsageError(
            f"--vars and settings.yml may not set {', '.join(taken)}: the command sets them itself."
        )
    return given
