"""The morning's command: load what is new, build beside the marts, publish when every test has passed."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress

from sales_loader.build import (
    NO_UNIT_TESTS,
    NOTHING_WRITTEN,
    Dbt,
    dbt_progress,
    describe_faults,
    signed_in_for_dbt,
)
from sales_loader.daily_lock import at_work
from sales_loader.daily_record import DAILY_JSON, recorded, step
from sales_loader.docs_page import DocsPage
from sales_loader.errors import LoaderError, UsageError
from sales_loader.escaping import escaped_lines
from sales_loader.events import Level
from sales_loader.headline import asking
from sales_loader.loading import load_sources
from sales_loader.morning_summary import Summary, print_summary
from sales_loader.options import (
    database_option,
    memory_limit_option,
    project_option,
    target_option,
    vars_option,
    wait_option,
)
from sales_loader.own_data import OwnData
from sales_loader.project import absolute, in_project
from sales_loader.publication import not_published
from sales_loader.report import TextReporter
from sales_loader.service import EXIT_FAILED, FileResult, LoadOptions, exit_code
from sales_loader.share_check import refuse_too_many_rejected
from sales_loader.targets import Place
from sales_loader.variables import given_variables, read_variables

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

CANDIDATE = {"schema_suffix": "next", "awaits_publication": True}
CANDIDATE_TARGET = Path("target/next")
# What dbt says of the build: the other commands of a run write nothing over it.
RUN_RESULTS = CANDIDATE_TARGET / "run_results.json"
SNAPSHOT = "customer_status_snapshot"
# Tests that only a change of the code could fail, and those of seeds, which the loader has looked through:
# `build` and CI run them.
FULL_BUILD_ONLY = "tag:full_build_only"


class Morning:
    """The steps of a morning, each of which may be the last.

    Args:
        place: the warehouse.
        variables: of the models.
        largest_share: of rejected rows among those that are new, 0 to 1.
        progress: shows how far dbt has come.
        begin: a context in which a step is at work, by its name.
    """

    def __init__(
        self,
        place: Place,
        variables: Mapping[str, Any],
        largest_share: Any,
        progress: Progress,
        begin: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        self._begin = begin
        self._refuse_too_many_rejected = partial(
            refuse_too_many_rejected, place, largest_share, is_built=True
        )
        # Variables of its own for each: in one folder, each would have to read the whole project anew.
        candidate = _options(place, {**variables, **CANDIDATE})
        folder = ["--target-path", str(CANDIDATE_TARGET)]
        self._candidate = Dbt([*candidate, *folder], progress, place.wait_minutes)
        self._published = Dbt(_options(place, variables), progress, place.wait_minutes)

    def run(self, summary: Summary, *, full_refresh: bool, docs: DocsPage | None) -> list[str]:
        """Build and test beside the marts in use, and publish when nothing has failed.

        Args:
            summary: is told what was done.
            full_refresh: compute all past figures anew.
            docs: the page to write when all else is done, if it is not of this project yet.

        Returns:
            What went wrong or is worth a look, worst first.

        Raises:
            TooManyRejectedError: files that landed meanwhile hold too many rejected rows.
        """
        with self._begin("parse"):
            self._candidate.read_project()
        stale = self._judge_freshness(summary)
        faults = self._build(summary, full_refresh)
        if summary.failed_step is None:
            self._publish(summary)
            faults += self._observe(summary)
            if docs is not None and docs.is_due():
                self._write(docs)
        return stale + faults

    def _judge_freshness(self, summary: Summary) -> list[str]:
        with self._begin("freshness"):
            stale = describe_faults(
                self._candidate.run("source", "freshness", NOTHING_WRITTEN, "--no-populate-cache")
            )
        summary.is_fresh = not stale
        return stale

    def _build(self, summary: Summary, full_refresh: bool) -> list[str]:
        refresh = ["--full-refresh"] if full_refresh else []
        exclude = ("--exclude", f"{SNAPSHOT}+", FULL_BUILD_ONLY)
        with self._begin("build"):
            built = self._candidate.run("build", *NO_UNIT_TESTS, *exclude, *refresh)
        return _judged("build", built, summary)

    def _publish(self, summary: Summary) -> None:
        with self._begin("publish"):
            self._refuse_too_many_rejected()
            self._candidate.run("run-operation", "publish", NOTHING_WRITTEN)
        summary.is_published = True

    def _observe(self, summary: Summary) -> list[str]:
        """Only now, as nobody has seen marts that are not published."""
        with self._begin("snapshot"):
            observed = self._candidate.run(
                "build", "--select", SNAPSHOT, NOTHING_WRITTEN, "--cache-selected-only"
            )
        return _judged("snapshot", observed, summary)

    def _write(self, docs: DocsPage) -> None:
        with self._begin("docs"):
            self._published.run("docs", "generate", "--static")
        docs.is_written()


def _judged(name: str, results: list["RunResult"], summary: Summary) -> list[str]:
    """What went wrong in a step, noted in the summary too."""
    summary.add_results(results)
    faults = describe_faults(results)
    if not all(fault.startswith("warning") for fault in faults):
        summary.failed_step = name
    return faults


def _options(place: Place, variables: Mapping[str, Any]) -> list[str]:
    return ["--vars", json.dumps(variables, default=str), "--target", place.target]


@click.command(
    epilog="Example: sales-loader daily exports --vars '{max_rejected_share: 0.02}'",
    short_help="Load, build, test, publish: everything of a morning.",
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@target_option
@database_option
@project_option
@memory_limit_option
@vars_option
@click.option("--full-refresh", is_flag=True, help="Compute all past figures anew.")
@click.option(
    "--docs/--no-docs",
    default=True,
    show_default=True,
    help="Write the docs as one static page, if the project has changed since.",
)
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
    summary_path: Path | None,
    wait_minutes: float,
) -> None:
    """Load what is new, build and test the marts beside the ones in use, then put them in their place.

    SOURCE is a file or folder, relative to the current folder, or an s3:// prefix. When a test fails, or too
    many rows were rejected, the marts stay as they are, and the next run takes it up again. A second
    run at once leaves with a message.

    Exit code: 0 all landed and published, 1 a file was refused or something failed, 2 wrong usage,
    3 published, with rejected rows.
    """
    place = Place(target, database, memory_limit, wait_minutes)
    sources = tuple(map(absolute, sources))
    summary_path = summary_path.absolute() if summary_path else DAILY_JSON
    ctx.with_resource(in_project(project_dir, database))
    variables = read_variables(Path(), overrides)
    given = _given(overrides)
    summary = Summary(warehouse=str(place), started_at=datetime.now(UTC))
    begin = partial(step, summary, summary_path)
    files: list[FileResult] = []
    with at_work(place), recorded(summary, summary_path):
        try:
            with begin("load"):
                files = _load(place, sources, overrides, summary)
            with begin("check"):
                refuse_too_many_rejected(place, variables["max_rejected_share"])
                own_data = OwnData.read(place, overrides)
                own_data.refuse_other_currency()
            # Before signing in: the environment is another one after it each time.
            page = DocsPage.of(target, given) if docs else None
            with signed_in_for_dbt(target), dbt_progress(Console(stderr=True)) as progress:
                morning = Morning(place, given, variables["max_rejected_share"], progress, begin)
                faults = morning.run(summary, full_refresh=full_refresh, docs=page)
            found = own_data.findings(summary.tests_failed)
            summary.warnings += found
            faults += found
        except UsageError:
            raise
        except LoaderError as error:
            faults = [str(error)]
            summary.add_problem(str(error))
        with suppress(LoaderError):  # where there is nothing to ask, that was told above
            _look(place, summary)
        is_good = summary.is_published and not summary.tests_failed
        summary.end(exit_code(files) if is_good else EXIT_FAILED)
    for fault in faults:
        click.echo(escaped_lines(fault), err=True)
    print_summary(summary, Console(markup=False, emoji=False))
    ctx.exit(summary.exit_code or 0)


def _load(place: Place, sources: Sequence[str], overrides: str, summary: Summary) -> list[FileResult]:
    """Load, show what became of each file, and note it."""
    reporter = TextReporter()
    files: list[FileResult] = []
    try:
        files = load_sources(place, sources, LoadOptions(), reporter, overrides=overrides)
    finally:
        reporter.finish(files)
        summary.warnings = [event.message for event in reporter.messages if event.level is Level.WARNING]
    summary.add_files(files)
    return files


def _look(place: Place, summary: Summary) -> None:
    """Note what the warehouse holds at the end of the run."""
    summary.landed_not_published = [load.file_name for load in not_published(place)]
    with asking(place) as ask:
        summary.add_marts(ask)


def _given(overrides: str) -> dict[str, Any]:
    """Variables of the command line and of ``settings.yml``.

    Raises:
        UsageError: they name what the command itself decides.
    """
    given = given_variables(Path(), overrides)
    if taken := sorted(set(given) & set(CANDIDATE)):
        raise UsageError(
            f"--vars and settings.yml may not hold {', '.join(taken)}: the command itself decides on them."
        )
    return given
