"""What a daily run did: rows, dates, tests, and the day's revenue beside the usual one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from sales_loader.escaping import escaped
from sales_loader.load_service import FileResult, Outcome
from sales_pipeline.dbt_project.run_results import compiled_sql, first_sentence
from sales_pipeline.kpi_summary import readable
from sales_pipeline.warehouse_queries import Query

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

WEEKS = 8
_MOST_LISTED = 8
_NEW = (Outcome.LANDED, Outcome.REPLACED)
_MARTS = "select table_name from information_schema.tables where table_schema = 'marts' order by table_name"
_CHANGED_DATES = "select business_date from intermediate_next.int_changed_dates order by business_date"
_AS_OF = "select as_of_date from intermediate_next.int_as_of_date"
_REVENUE = """
    select business_date, sum(net_revenue) from marts.sales_daily
    where business_date in ({days}) group by business_date"""


@dataclass
class RunSummary:
    """What a daily run did.

    Attributes:
        files_landed: files that landed, new or in place of an earlier version.
        files_not_landed: names of files that were refused or failed.
        rows_landed: rows of files that landed.
        rows_rejected: their rejected rows.
        is_fresh: whether every source is as fresh as it must be.
        is_published: whether the marts are those of this run.
        why_not_published: why they were not published; ``problems`` says so too.
        landed_not_published: names of files that landed after the load that the marts in use are built from.
        dates_touched: business dates that were refreshed.
        tests_passed: data tests that found nothing.
        tests_failed: names of data tests and models that failed.
        failures: what failed in the build: name, kind, what it checks in a sentence, rows found, message.
        tests_warned: names of data tests that found something worth a look.
        as_of_date: day that the published marts describe.
        net_revenue: of that day.
        usual_net_revenue: median of the same weekday in the eight weeks before; None without any of them.
        rows_of_marts: number of rows by mart.
        written: where docs page, report and export are that this run has written, by name of the step.
        warehouse: what the run worked on.
        started_at: when it began, UTC.
        ended_at: when it ended, UTC; None while it runs, and if it was killed.
        seconds: how long it took.
        steps: name of each step and its seconds; None for a step that has not ended.
        failed_step: the first step that failed; None as long as none has.
        exit_code: its exit code; None until it has ended.
        problems: why files did not land and why nothing was published, a sentence or more each.
        warnings: what the load reported as worth a look.
        reject_reasons: rejected rows by file and reason.
        taken_back: what replaced files no longer hold, by file: rows, orders, dates.
    """

    files_landed: int = 0
    files_not_landed: list[str] = field(default_factory=list)
    rows_landed: int = 0
    rows_rejected: int = 0
    is_fresh: bool = True
    is_published: bool = False
    why_not_published: list[str] = field(default_factory=list)
    landed_not_published: list[str] = field(default_factory=list)
    dates_touched: list[date] = field(default_factory=list)
    tests_passed: int = 0
    tests_failed: list[str] = field(default_factory=list)
    failures: list[dict[str, object]] = field(default_factory=list)
    tests_warned: list[str] = field(default_factory=list)
    as_of_date: date | None = None
    net_revenue: Decimal | None = None
    usual_net_revenue: Decimal | None = None
    rows_of_marts: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    warehouse: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float = 0
    steps: list[dict[str, object]] = field(default_factory=list)
    failed_step: str | None = None
    exit_code: int | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reject_reasons: dict[str, dict[str, int]] = field(default_factory=dict)
    taken_back: dict[str, dict[str, object]] = field(default_factory=dict)

    def begin_step(self, name: str) -> dict[str, object]:
        """Note that a step has started; the caller adds its seconds to what this returns."""
        self.steps.append({"name": name, "seconds": None})
        return self.steps[-1]

    def add_files(self, results: Sequence[FileResult]) -> None:
        """Note what the loader did."""
        new = [result.load for result in results if result.load and result.outcome in _NEW]
        not_landed = [result for result in results if result.load is None]
        self.files_landed = len(new)
        self.files_not_landed = [result.name for result in not_landed]
        self.rows_landed = sum(load.rows_landed for load in new)
        self.rows_rejected = sum(load.rows_rejected for load in new)
        self.problems += [f"{one.name}: {one.outcome.value}: {one.problem}" for one in not_landed]
        self.reject_reasons = {result.name: dict(result.reasons) for result in results if result.reasons}
        self.taken_back = {one.name: one.taken_back.facts() for one in results if one.taken_back}

    def add_results(self, results: Iterable["RunResult"]) -> None:
        """Note what dbt did."""
        for result in results:
            status, is_test = result.status.value, result.node.resource_type.value == "test"
            if status in ("error", "fail"):
                self.tests_failed.append(result.node.name)
                self.failures.append(failure := _failure(result))
                self.add_problem(_told(failure))
            elif is_test and status == "warn":
                self.tests_warned.append(result.node.name)
            elif is_test and status == "pass":
                self.tests_passed += 1

    def add_problem(self, problem: str) -> None:
        """Note a problem; before publication it is also why the marts are not published."""
        self.problems.append(problem)
        if not self.is_published:
            self.why_not_published.append(problem)

    def add_marts(self, query: Query) -> None:
        """Note what the warehouse holds now: the published marts and the dates of the last build."""
        self.rows_of_marts = {
            mart: query(f"select count(*) from marts.{mart}")[0][0] for (mart,) in query(_MARTS)
        }
        if not self.tests_passed:
            return  # nothing was built
        self.dates_touched = [day for (day,) in query(_CHANGED_DATES)]
        self.as_of_date = query(_AS_OF)[0][0] if self.is_published else None
        if self.as_of_date:
            self._add_revenue(query, self.as_of_date)

    def _add_revenue(self, query: Query, day: date) -> None:
        days = [day - timedelta(weeks=weeks) for weeks in range(WEEKS + 1)]
        revenue: dict[date, Decimal] = dict(
            query(_REVENUE.format(days=", ".join(f"date '{one}'" for one in days)))
        )
        self.net_revenue = revenue.pop(day, Decimal(0))
        usual = median(revenue.values()) if revenue else None
        self.usual_net_revenue = None if usual is None else round(Decimal(usual), 2)

    def end(self, exit_code: int) -> None:
        """Note how the run has ended, and how long it took."""
        self.exit_code, self.ended_at = exit_code, datetime.now(UTC)
        if self.started_at:
            self.seconds = round((self.ended_at - self.started_at).total_seconds(), 1)

    def as_json(self) -> dict[str, Any]:
        """The same for programs: amounts as text, so that no cent is lost."""
        return {name: json_value(value) for name, value in asdict(self).items()}


def _failure(result: "RunResult") -> dict[str, object]:
    """What failed in a build, for programs."""
    return {
        "name": result.node.name,
        "kind": result.node.resource_type.value,
        "checks": first_sentence(getattr(result.node, "description", "")),
        "rows": result.failures if result.status.value == "fail" else None,
        "message": (result.message or "").strip(),
        "sql": compiled_sql(result),
    }


def _told(failure: Mapping[str, object]) -> str:
    """The same for people, on one line."""
    rows = failure["rows"]
    found = f"found {rows:,} row{'' if rows == 1 else 's'}" if isinstance(rows, int) else "could not be built"
    message = "" if isinstance(rows, int) else str(failure["message"]).partition("\n")[0]
    said = [f"{failure['kind']} {failure['name']} {found}", failure["checks"], message]
    return ": ".join(str(one) for one in said if one)


def rejected(reasons: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Rejected rows by file and reason, a line a file."""
    return [
        f"{name}: " + ", ".join(f"{reason} {count:,}" for reason, count in counts.items())
        for name, counts in reasons.items()
    ]


def taken_back(by_file: Mapping[str, Mapping[str, object]]) -> list[str]:
    """What replaced files no longer hold, a line a file."""
    return [
        f"{name}: " + ", ".join(f"{what} {value}" for what, value in gone.items() if value)
        for name, gone in by_file.items()
    ]


def json_value(value: Any) -> Any:
    """A value for JSON: amounts and dates as text."""
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case date() | Decimal():
            return str(value)
        case list():
            return [json_value(one) for one in value]
        case _:
            return value


def print_summary(summary: RunSummary, console: Console) -> None:
    """Print the summary for people."""
    table = Table(show_header=False, title="Daily run", title_justify="left")
    for name, value in _lines(summary):
        table.add_row(name, escaped(value))
    console.print(table)


def _lines(summary: RunSummary) -> Iterable[tuple[str, str]]:
    if summary.started_at and summary.ended_at:
        yield "run", f"{summary.started_at:%Y-%m-%d %H:%M:%S} to {summary.ended_at:%H:%M:%S} UTC"
        yield "exit code", f"{summary.exit_code}, on {summary.warehouse}"
    if summary.failed_step:
        yield "failed at", summary.failed_step
    if summary.steps:
        yield "seconds", ", ".join(f"{one['name']} {one['seconds']}" for one in summary.steps)
    yield "marts", "published" if summary.is_published else "NOT published: they are as they were"
    for reason in summary.why_not_published:
        yield "because", reason
    yield "files landed", readable(summary.files_landed)
    if summary.files_not_landed:
        yield "files not landed", ", ".join(summary.files_not_landed)
    if summary.landed_not_published:
        yield "landed, not published", _listed(summary.landed_not_published)
    for problem in summary.problems:
        if problem not in summary.why_not_published:
            yield "problem", problem
    for gone in taken_back(summary.taken_back):
        yield "taken back", gone
    for reasons in rejected(summary.reject_reasons):
        yield "rejected", reasons
    yield "rows landed, rejected", f"{summary.rows_landed:,}, {summary.rows_rejected:,}"
    yield "dates refreshed", _span(summary.dates_touched)
    yield (
        "tests passed, warned, failed",
        (f"{summary.tests_passed:,}, {len(summary.tests_warned):,}, {len(summary.tests_failed):,}"),
    )
    if not summary.is_fresh:
        yield "sources", "NOT fresh: a file is overdue"
    if summary.as_of_date:
        yield f"net revenue of {summary.as_of_date}", _compared(summary)
    yield from summary.written.items()
    yield "rows of marts", ", ".join(f"{mart} {rows:,}" for mart, rows in summary.rows_of_marts.items())


def _span(dates: Sequence[date]) -> str:
    if not dates:
        return "0"
    is_range = (dates[-1] - dates[0]).days == len(dates) - 1
    return f"{len(dates):,}, {dates[0]} to {dates[-1]}" if is_range else f"{len(dates):,}: {_listed(dates)}"


def _listed(values: Sequence[date | str]) -> str:
    named = [str(one) for one in values]
    return ", ".join(named if len(named) <= _MOST_LISTED else [*named[: _MOST_LISTED - 1], "…", named[-1]])


def _compared(summary: RunSummary) -> str:
    weekday = summary.as_of_date.strftime("%A") if summary.as_of_date else ""
    usual = f"{summary.usual_net_revenue:,}" if summary.usual_net_revenue is not None else "not known"
    return f"{readable(summary.net_revenue)}; usual on a {weekday}: {usual}"
