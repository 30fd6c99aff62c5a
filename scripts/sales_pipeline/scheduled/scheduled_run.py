"""The command for a scheduler: watches `daily`, sends its results to S3 and its failures to people."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sales_loader.aws import Aws
from sales_loader.commands.options import database_option, project_option
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped, escaped_lines
from sales_loader.events import Event, Level
from sales_loader.load_service import EXIT_FAILED, EXIT_REJECTED_ROWS
from sales_loader.report import JsonReporter
from sales_loader.settings.project import absolute
from sales_loader.sources.s3 import S3Location, parse_location
from sales_pipeline.daily.daily_run import RUN_RESULTS
from sales_pipeline.daily.run_record import DAILY_JSON, read_record
from sales_pipeline.daily.run_summary import rejected, taken_back
from sales_pipeline.dbt_project.docs_page import DOCS_PAGE
from sales_pipeline.dbt_project.environment import in_project
from sales_pipeline.report import REPORT_PAGE
from sales_pipeline.scheduled.notifications import (
    notify,
    publish_evidence,
    publish_page,
    publish_summary,
)
from sales_pipeline.scheduled.supervisor import Ended, Supervisor, own_command

_SUCCESSES = (0, EXIT_REJECTED_ROWS)
_MEANINGS = {
    0: "succeeded",
    EXIT_FAILED: "failed",
    2: "failed: the command was called in a way that cannot work",
    EXIT_REJECTED_ROWS: "succeeded, but rows were rejected",
}
_PUBLISHED = "The marts were published."
_NOT_PUBLISHED = "Nothing was published: the marts are as they were."
_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]", re.ASCII)
_OVERDUE = "succeeded, but a file is overdue"
# What readers find below the place of publication.
PAGES = {"index.html": DOCS_PAGE, "report.html": REPORT_PAGE}
_FINISHED = "morning_finished"  # the name that alarms look for


@dataclass(frozen=True)
class Destinations:
    """Where the results go; None means nowhere.

    Attributes:
        published: bucket and prefix of docs page, report and summaries.
        topic: ARN of the SNS topic that people subscribe to.
    """

    published: S3Location | None
    topic: str | None


@dataclass
class ScheduledRun:
    """One run of the command `daily`, and its outcome.

    Attributes:
        source: where the sales files are.
        started_at: when it started, UTC.
        ended: how the command ended.
        summary: the command's own summary; empty if it wrote none.
        problems: what went wrong, in the run or in publishing its results.
        evidence: what helps to find the cause of a failure: content by file name.
        evidence_location: where the evidence was published.
    """

    source: str
    started_at: datetime
    ended: Ended
    summary: Mapping[str, Any]
    problems: list[str] = field(default_factory=list)
    evidence: Mapping[str, str] = field(default_factory=dict)
    evidence_location: S3Location | None = None

    @property
    def code(self) -> int:
        """Exit code: that of `daily`, or 1 if it was stopped or its results could not be published."""
        if self.ended.code not in _MEANINGS or self.ended.why:
            return EXIT_FAILED
        return EXIT_FAILED if self.problems and self.ended.code in _SUCCESSES else self.ended.code

    @property
    def has_succeeded(self) -> bool:
        """Whether the marts are up to date."""
        return self.code in _SUCCESSES

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        if self.code == 0 and self.summary.get("is_fresh") is False:
            return _OVERDUE
        return _MEANINGS[self.code]

    @property
    def concerns_people(self) -> bool:
        """Whether somebody has to look at it."""
        return self.outcome != _MEANINGS[0]

    @property
    def rejected_share(self) -> float:
        """Percentage of the rows read by this run that were rejected, 0 to 100."""
        landed, rejected = (self.summary.get(name) for name in ("rows_landed", "rows_rejected"))
        if not isinstance(landed, int) or not isinstance(rejected, int) or rejected == 0:
            return 0.0
        return round(100 * rejected / (landed + rejected), 4)

    def facts(self) -> dict[str, object]:
        """Its facts for programs; JSON types only."""
        now = datetime.now(UTC)
        return {
            "source": self.source,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "seconds": round((now - self.started_at).total_seconds(), 1),
            "exit_code": self.code,
            "outcome": self.outcome,
            "successes": int(self.has_succeeded),
            "failures": int(not self.has_succeeded),
            "rejected_share": self.rejected_share,
            "problems": list(self.problems),
            "failed_step": self.summary.get("failed_step"),
            "evidence": str(self.evidence_location) if self.evidence_location else None,
        }

    def message(self, published: S3Location | None) -> str:
        """The message to people."""
        lines = [f"{self.title()} (exit code {self.code}). It read {escaped(self.source)}.", *self._told()]
        lines += [*map(escaped_lines, self.problems), ""]
        if published:
            lines += [f"Its summary: {published}", ""]
        if self.evidence_location:
            names = ", ".join(self.evidence)
            lines += [f"Evidence: {self.evidence_location} ({names})", ""]
        lines += ["docs/runbook.md says what to do. The end of its log:", "", *self.ended.tail]
        return "\n".join(lines)

    def _told(self) -> Iterator[str]:
        """What the daily run has noted for people, as far as it got."""
        if self.summary.get("ended_at"):
            yield _PUBLISHED if self.summary.get("is_published") else _NOT_PUBLISHED
        if step := self.summary.get("failed_step"):
            yield f"It failed at the step {escaped(str(step))}."
        if names := self.summary.get("landed_not_published"):
            yield f"Landed, but not published: {', '.join(map(escaped, names))}."
        for told in rejected(self.summary.get("reject_reasons", {})):
            yield f"Rejected rows of {escaped(told)}."
        for told in taken_back(self.summary.get("taken_back", {})):
            yield f"Taken back from {escaped(told)}."

    def title(self) -> str:
        """One line for the subject of a message."""
        return f"The daily run of {self.started_at:%Y-%m-%d} {self.outcome}"


def daily_command(
    source: str, overrides: str, summary: Path, *, full_refresh: bool = False, wait_minutes: float = 0
) -> list[str]:
    """The command line of `daily`, which writes its summary as JSON.

    Args:
        source: where the sales files are.
        overrides: variables of the models, as YAML.
        summary: file to write the summary to.
        full_refresh: compute all past figures again.
        wait_minutes: how long to wait for a process that holds a DuckDB file open.
    """
    options = ["--vars", overrides, "--summary", str(summary), "--wait", f"{wait_minutes:g}"]
    refresh = ["--full-refresh"] if full_refresh else []
    return own_command("sales_pipeline", "daily", source, *options, *refresh)


@click.command(
    name="run-scheduled",
    epilog=(
        "\b\nExamples:\n"
        "  sales-loader run-scheduled s3://acme-data/landing/ --publish-to s3://acme-docs\n"
        "  sales-loader run-scheduled exports --vars '{reporting_currency: EUR}'"
    ),
    short_help="The daily run for a scheduler: reports its result and its failures.",
)
# Under their old names, MORNING_…, the variables still work.
@click.argument("source", envvar=["SCHEDULED_RUN_SOURCE", "MORNING_SOURCE"])
@database_option
@project_option
@click.option(
    "--publish-to",
    envvar=["SCHEDULED_RUN_PUBLISH_TO", "MORNING_PUBLISH_TO"],
    metavar="S3",
    help="s3://bucket/prefix for pages and summary.  [default: $SCHEDULED_RUN_PUBLISH_TO, else nowhere]",
)
@click.option(
    "--topic",
    envvar=["SCHEDULED_RUN_TOPIC", "MORNING_TOPIC"],
    metavar="ARN",
    help="SNS topic for failures, rejected rows, late files.  [default: $SCHEDULED_RUN_TOPIC, else none]",
)
@click.option(
    "--time-limit",
    envvar=["SCHEDULED_RUN_TIME_LIMIT", "MORNING_TIME_LIMIT"],
    type=click.FloatRange(min=0, min_open=True),
    default=180,
    show_default="$SCHEDULED_RUN_TIME_LIMIT, else 180",
    help="Minutes after which the daily run is stopped.",
)
@click.option(
    "--vars",
    "overrides",
    envvar=["SCHEDULED_RUN_VARS", "MORNING_VARS"],
    default="{}",
    metavar="YAML",
    help="Variables of the models, over dbt_project.yml.",
)
@click.option("--full-refresh", is_flag=True, help="Compute all past figures again.")
@click.option(
    "--wait",
    "wait_minutes",
    envvar=["SCHEDULED_RUN_WAIT", "MORNING_WAIT"],
    type=click.FloatRange(min=0),
    default=30,
    show_default="$SCHEDULED_RUN_WAIT, else 30",
    metavar="MINUTES",
    help="Wait so long for a process that holds a DuckDB file open, such as a SQL client.",
)
@click.pass_context
def run_scheduled(
    ctx: click.Context,
    source: str,
    database: Path,
    project_dir: Path,
    publish_to: str | None,
    topic: str | None,
    time_limit: float,
    overrides: str,
    full_refresh: bool,
    wait_minutes: float,
) -> None:
    """Run `daily` on SOURCE, publish docs page, report and summary, and tell people what went wrong.

    Its output is the log. The last line is a JSON object with the event morning_finished, for alarms.

    Exit code: 0 all landed, 1 failed, 2 wrong usage, 3 landed with rejected rows.
    """
    destinations = Destinations(parse_location(publish_to) if publish_to else None, topic)
    source = absolute(source)
    ctx.with_resource(in_project(project_dir, database))
    command = daily_command(
        source, overrides, DAILY_JSON, full_refresh=full_refresh, wait_minutes=wait_minutes
    )
    run = _run(source, command, time_limit * 60)
    reporter, aws = JsonReporter(), Aws()
    published = _publish(run, destinations, aws)
    if run.concerns_people:
        _notify(run, destinations, aws, published)
    worth_a_look = Level.WARNING if run.concerns_people else Level.INFO
    level = worth_a_look if run.has_succeeded else Level.ERROR
    reporter.tell(Event(level, _FINISHED, run.title(), run.facts()))
    ctx.exit(run.code)


def _run(source: str, command: Sequence[str], seconds: float) -> ScheduledRun:
    started_at = datetime.now(UTC)
    ended = Supervisor(seconds, _pass_on).run(command)
    record = _record_since(started_at)
    run = ScheduledRun(source, started_at, ended, record, evidence=_evidence(started_at, record))
    told = run.summary.get("problems")
    run.problems += map(str, told) if isinstance(told, list) else []
    if ended.why:
        run.problems.append(f"The daily run did not end by itself: {ended.why}.")
    elif ended.code not in _MEANINGS:
        run.problems.append(f"The daily run ended with {_explained(ended.code)}.")
    elif ended.code not in _SUCCESSES and not run.problems:
        run.problems += [line for line in ended.tail if line.strip()][-1:]  # why it could not start
    return run


def _evidence(started_at: datetime, record: Mapping[str, Any]) -> dict[str, str]:
    """Dbt's results of this run's build, and the SQL of what failed; empty if nothing was built."""
    found = {}
    if _is_of_this_run(RUN_RESULTS, started_at):
        found[RUN_RESULTS.name] = RUN_RESULTS.read_text(encoding="utf-8")
    failures = record.get("failures")
    for failure in failures if isinstance(failures, list) else []:
        if sql := str(failure.get("sql") or ""):
            found[f"{_NOT_IN_FILE_NAMES.sub('_', str(failure.get('name')))}.sql"] = f"{sql}\n"
    return found


def _is_of_this_run(path: Path, started_at: datetime) -> bool:
    return path.exists() and path.stat().st_mtime >= started_at.timestamp()


def _pass_on(line: str) -> None:
    # Alarms read the JSON lines of the log, which only this command may write.
    click.echo(f"| {line}" if line.lstrip().startswith("{") else line)


def _record_since(started_at: datetime) -> dict[str, Any]:
    """The record of this run; empty if there is only that of an earlier run."""
    record = read_record(DAILY_JSON)
    return record if str(record.get("started_at")) >= started_at.isoformat(timespec="seconds") else {}


def _explained(code: int) -> str:
    if code == -9:
        return "signal 9: most likely it needed more memory than the task has"
    return f"signal {-code}" if code < 0 else f"the unknown exit code {code}"


def _publish(run: ScheduledRun, destinations: Destinations, aws: Aws) -> S3Location | None:
    """Publish what there is; returns where the summary is."""
    if destinations.published is None:
        return None
    below = destinations.published
    # Includes a page that an earlier run wrote and could not send.
    for name, page in PAGES.items() if run.summary.get("is_published") else ():
        with _noting_problems(run):
            publish_page(aws.s3(), below.below(name), page)
    if run.evidence and not run.has_succeeded:
        with _noting_problems(run):
            run.evidence_location = publish_evidence(aws.s3(), below, run.started_at, run.evidence)
    with _noting_problems(run):
        facts = {**run.facts(), "summary": run.summary}
        return publish_summary(aws.s3(), below, run.started_at, facts)
    return None


@contextmanager
def _noting_problems(run: ScheduledRun) -> Iterator[None]:
    """What cannot be sent is a problem of the run, and holds back nothing else."""
    try:
        yield
    except LoaderError as error:
        run.problems.append(str(error))


def _notify(run: ScheduledRun, destinations: Destinations, aws: Aws, published: S3Location | None) -> None:
    if destinations.topic is None:
        return
    with _noting_problems(run):
        notify(aws.sns(), destinations.topic, f"Franchise sales: {run.title()}", run.message(published))
