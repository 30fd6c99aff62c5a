"""The command that a scheduler runs each morning: the daily run watched, published, its failures told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sales_loader.aws import Aws
from sales_loader.build import DOCS_PAGE
from sales_loader.daily import RUN_RESULTS
from sales_loader.daily_record import DAILY_JSON, read_record
from sales_loader.docs_page import is_sent, note_sent
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped, escaped_lines
from sales_loader.events import Event, Level
from sales_loader.morning_summary import rejected, taken_back
from sales_loader.options import database_option, project_option
from sales_loader.project import absolute, in_project
from sales_loader.publishing import publish_evidence, publish_page, publish_summary, tell_people
from sales_loader.report import JsonReporter
from sales_loader.s3 import S3Location, parse_location
from sales_loader.service import EXIT_FAILED, EXIT_REJECTED_ROWS
from sales_loader.supervising import Ended, Supervisor, own_command

_SUCCESSES = (0, EXIT_REJECTED_ROWS)
_MEANINGS = {
    0: "succeeded",
    EXIT_FAILED: "failed",
    2: "failed: the command was called in a way that cannot work",
    EXIT_REJECTED_ROWS: "succeeded, but rows were rejected",
}
_PUBLISHED = "The marts were published."
_NOT_PUBLISHED = "Nothing was published: the marts are as they were."
_NO_FILE_NAME = re.compile(r"[^\w.-]", re.ASCII)
_OVERDUE = "succeeded, but a file is overdue"


@dataclass(frozen=True)
class Places:
    """Where the outcome goes; what is None goes nowhere.

    Attributes:
        published: bucket and prefix of the docs page and of the summaries.
        topic: ARN of the SNS topic that people read.
    """

    published: S3Location | None
    topic: str | None


@dataclass
class Morning:
    """One run of the daily command and what became of it.

    Attributes:
        source: where the sales files are.
        started_at: when it began, UTC.
        ended: how the daily command ended.
        summary: what the daily command counted; empty when it wrote nothing.
        problems: what went wrong around it, or with publishing.
        evidence: what a failure can be looked into with: content by file name.
        evidence_place: where that was published.
    """

    source: str
    started_at: datetime
    ended: Ended
    summary: Mapping[str, Any]
    problems: list[str] = field(default_factory=list)
    evidence: Mapping[str, str] = field(default_factory=dict)
    evidence_place: S3Location | None = None

    @property
    def code(self) -> int:
        """Exit code: the daily command's, or 1 for one that was ended or could not be published."""
        if self.ended.code not in _MEANINGS or self.ended.why:
            return EXIT_FAILED
        return EXIT_FAILED if self.problems and self.ended.code in _SUCCESSES else self.ended.code

    @property
    def has_succeeded(self) -> bool:
        """Whether the marts are of today."""
        return self.code in _SUCCESSES

    @property
    def outcome(self) -> str:
        """What became of it, in words."""
        if self.code == 0 and self.summary.get("is_fresh") is False:
            return _OVERDUE
        return _MEANINGS[self.code]

    @property
    def concerns_people(self) -> bool:
        """Whether somebody must look at it."""
        return self.outcome != _MEANINGS[0]

    @property
    def rejected_share(self) -> float:
        """Percentage of the rows read this morning that were rejected, 0 to 100."""
        landed, rejected = (self.summary.get(name) for name in ("rows_landed", "rows_rejected"))
        if not isinstance(landed, int) or not isinstance(rejected, int) or rejected == 0:
            return 0.0
        return round(100 * rejected / (landed + rejected), 4)

    def facts(self) -> dict[str, object]:
        """What programs want to know of it; JSON types only."""
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
            "evidence": str(self.evidence_place) if self.evidence_place else None,
        }

    def message(self, published: S3Location | None) -> str:
        """What people are told."""
        lines = [f"{self.title()} (exit code {self.code}). It read {escaped(self.source)}.", *self._told()]
        lines += [*map(escaped_lines, self.problems), ""]
        if published:
            lines += [f"Its summary: {published}", ""]
        if self.evidence_place:
            names = ", ".join(self.evidence)
            lines += [f"What to look into it with: {self.evidence_place} ({names})", ""]
        lines += ["What to do stands in docs/runbook.md. The end of its log:", "", *self.ended.tail]
        return "\n".join(lines)

    def _told(self) -> Iterator[str]:
        """What the daily run has noted for people, as far as it came."""
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
        return f"The morning of {self.started_at:%Y-%m-%d} {self.outcome}"


def daily_command(
    source: str, overrides: str, summary: Path, *, full_refresh: bool = False, wait_minutes: float = 0
) -> list[str]:
    """The command line that loads, builds, tests and documents, and writes its summary as JSON.

    Args:
        source: where the sales files are.
        overrides: variables of the models, as YAML.
        summary: file to write the summary to.
        full_refresh: compute all past figures anew.
        wait_minutes: how long to wait for a process that holds a DuckDB file open.
    """
    options = ["--vars", overrides, "--summary", str(summary), "--wait", f"{wait_minutes:g}"]
    refresh = ["--full-refresh"] if full_refresh else []
    return own_command("sales_loader", "daily", source, *options, *refresh)


@click.command(
    epilog=(
        "\b\nExamples:\n"
        "  sales-loader morning s3://acme-data/landing/ --publish-to s3://acme-docs\n"
        "  sales-loader morning exports --vars '{reporting_currency: EUR}'"
    ),
    short_help="The daily run for a scheduler: published, and told when it fails.",
)
@click.argument("source", envvar="MORNING_SOURCE")
@database_option
@project_option
@click.option(
    "--publish-to",
    envvar="MORNING_PUBLISH_TO",
    metavar="S3",
    help="s3://bucket/prefix for docs page and summary.  [default: $MORNING_PUBLISH_TO, else nowhere]",
)
@click.option(
    "--topic",
    envvar="MORNING_TOPIC",
    metavar="ARN",
    help="SNS topic told of failures, rejected rows, late files.  [default: $MORNING_TOPIC, else nobody]",
)
@click.option(
    "--time-limit",
    envvar="MORNING_TIME_LIMIT",
    type=click.FloatRange(min=0, min_open=True),
    default=180,
    show_default="$MORNING_TIME_LIMIT, else 180",
    help="Minutes after which the daily run is stopped.",
)
@click.option(
    "--vars",
    "overrides",
    envvar="MORNING_VARS",
    default="{}",
    metavar="YAML",
    help="Variables of the models, over dbt_project.yml.",
)
@click.option("--full-refresh", is_flag=True, help="Compute all past figures anew.")
@click.option(
    "--wait",
    "wait_minutes",
    envvar="MORNING_WAIT",
    type=click.FloatRange(min=0),
    default=30,
    show_default="$MORNING_WAIT, else 30",
    metavar="MINUTES",
    help="Wait so long for a process that holds a DuckDB file open, such as a SQL client.",
)
@click.pass_context
def morning(
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
    """Run the daily load and build on SOURCE, publish docs page and summary, tell people what went wrong.

    Its output is the log; the last line of it is a JSON object of event morning_finished, for alarms.

    Exit code: 0 all landed, 1 failed, 2 wrong usage, 3 landed with rejected rows.
    """
    places = Places(parse_location(publish_to) if publish_to else None, topic)
    source = absolute(source)
    ctx.with_resource(in_project(project_dir, database))
    command = daily_command(
        source, overrides, DAILY_JSON, full_refresh=full_refresh, wait_minutes=wait_minutes
    )
    run = _run(source, command, time_limit * 60)
    reporter, aws = JsonReporter(), Aws()
    published = _publish(run, places, aws)
    if run.concerns_people:
        _tell(run, places, aws, published)
    worth_a_look = Level.WARNING if run.concerns_people else Level.INFO
    level = worth_a_look if run.has_succeeded else Level.ERROR
    reporter.tell(Event(level, "morning_finished", run.title(), run.facts()))
    ctx.exit(run.code)


def _run(source: str, command: Sequence[str], seconds: float) -> Morning:
    started_at = datetime.now(UTC)
    ended = Supervisor(seconds, _pass_on).run(command)
    record = _record_since(started_at)
    run = Morning(source, started_at, ended, record, evidence=_evidence(started_at, record))
    told = run.summary.get("problems")
    run.problems += map(str, told) if isinstance(told, list) else []
    if ended.why:
        run.problems.append(f"The daily run did not end by itself: {ended.why}.")
    elif ended.code not in _MEANINGS:
        run.problems.append(f"The daily run ended with {_explained(ended.code)}.")
    elif ended.code not in _SUCCESSES and not run.problems:
        run.problems += [line for line in ended.tail if line.strip()][-1:]  # what kept it from beginning
    return run


def _evidence(started_at: datetime, record: Mapping[str, Any]) -> dict[str, str]:
    """What dbt said of the build of this run, and the SQL of what failed; empty when nothing was built."""
    found = {}
    if _is_of_this_run(RUN_RESULTS, started_at):
        found[RUN_RESULTS.name] = RUN_RESULTS.read_text(encoding="utf-8")
    failures = record.get("failures")
    for failure in failures if isinstance(failures, list) else []:
        if sql := str(failure.get("sql") or ""):
            found[f"{_NO_FILE_NAME.sub('_', str(failure.get('name')))}.sql"] = f"{sql}\n"
    return found


def _is_of_this_run(path: Path, started_at: datetime) -> bool:
    return path.exists() and path.stat().st_mtime >= started_at.timestamp()


def _pass_on(line: str) -> None:
    # Alarms read JSON of the log; only this command writes any.
    click.echo(f"| {line}" if line.lstrip().startswith("{") else line)


def _record_since(started_at: datetime) -> dict[str, Any]:
    """The record of this run; empty where there is only that of another one."""
    record = read_record(DAILY_JSON)
    return record if str(record.get("started_at")) >= started_at.isoformat(timespec="seconds") else {}


def _explained(code: int) -> str:
    if code == -9:
        return "signal 9: most likely it needed more memory than the task has"
    return f"signal {-code}" if code < 0 else f"the unknown exit code {code}"


def _publish(run: Morning, places: Places, aws: Aws) -> S3Location | None:
    """Publish what there is; returns the place of the summary."""
    if places.published is None:
        return None
    for send in (_send_page, _send_evidence):
        try:
            send(run, places.published, aws)
        except LoaderError as error:
            run.problems.append(str(error))
    try:
        facts = {**run.facts(), "summary": run.summary}
        return publish_summary(aws.s3(), places.published, run.started_at, facts)
    except LoaderError as error:
        run.problems.append(str(error))
        return None


def _send_page(run: Morning, below: S3Location, aws: Aws) -> None:
    # Also one that an earlier run could not send: this one has not written it again.
    if run.summary.get("is_published") and not is_sent(below):
        publish_page(aws.s3(), below, DOCS_PAGE)
        note_sent(below)


def _send_evidence(run: Morning, below: S3Location, aws: Aws) -> None:
    if run.evidence and not run.has_succeeded:
        run.evidence_place = publish_evidence(aws.s3(), below, run.started_at, run.evidence)


def _tell(run: Morning, places: Places, aws: Aws, published: S3Location | None) -> None:
    if places.topic is None:
        return
    try:
        tell_people(aws.sns(), places.topic, f"Franchise sales: {run.title()}", run.message(published))
    except LoaderError as error:
        run.problems.append(str(error))
