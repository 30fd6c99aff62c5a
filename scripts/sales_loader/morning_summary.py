"""What a morning has brought: rows, dates, tests, and the day's revenue against what is usual."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from sales_loader.headline import Asking, readable
from sales_loader.service import FileResult, Outcome

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

WEEKS = 8
_NEW = (Outcome.LANDED, Outcome.REPLACED)
_MARTS = "select table_name from information_schema.tables where table_schema = 'marts' order by table_name"
_TOUCHED = "select business_date from intermediate_next.int_touched_dates order by business_date"
_AS_OF = "select as_of_date from intermediate_next.int_as_of_date"
_REVENUE = """
    select business_date, sum(net_revenue) from marts.sales_daily
    where business_date in ({days}) group by business_date"""


@dataclass
class Summary:
    """What a morning has brought.

    Attributes:
        files_landed: files that landed, new or in place of an earlier version.
        files_not_landed: names of files that were refused or failed.
        rows_landed: rows of files that landed.
        rows_rejected: their rejected rows.
        is_fresh: whether every source is as fresh as it must be.
        is_published: whether the marts are those of this morning.
        dates_touched: business dates that were built anew.
        tests_passed: data tests that found nothing.
        tests_failed: names of data tests and models that failed.
        tests_warned: names of data tests that found something worth a look.
        as_of_date: day that the published marts describe.
        net_revenue: of that day.
        usual_net_revenue: median of the same weekday in the eight weeks before; None without any of them.
        rows_of_marts: number of rows by mart.
    """

    files_landed: int = 0
    files_not_landed: list[str] = field(default_factory=list)
    rows_landed: int = 0
    rows_rejected: int = 0
    is_fresh: bool = True
    is_published: bool = False
    dates_touched: list[date] = field(default_factory=list)
    tests_passed: int = 0
    tests_failed: list[str] = field(default_factory=list)
    tests_warned: list[str] = field(default_factory=list)
    as_of_date: date | None = None
    net_revenue: Decimal | None = None
    usual_net_revenue: Decimal | None = None
    rows_of_marts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_files(cls, results: Sequence[FileResult]) -> "Summary":
        """What the loader has done."""
        new = [result.load for result in results if result.load and result.outcome in _NEW]
        return cls(
            files_landed=len(new),
            files_not_landed=[result.name for result in results if result.load is None],
            rows_landed=sum(load.rows_landed for load in new),
            rows_rejected=sum(load.rows_rejected for load in new),
        )

    def add_results(self, results: Iterable["RunResult"]) -> None:
        """What dbt has done."""
        for result in results:
            status, is_test = result.status.value, result.node.resource_type.value == "test"
            if status in ("error", "fail"):
                self.tests_failed.append(result.node.name)
            elif is_test and status == "warn":
                self.tests_warned.append(result.node.name)
            elif is_test and status == "pass":
                self.tests_passed += 1

    def add_marts(self, asking: Asking) -> None:
        """What the warehouse holds now; published marts, and the dates of the last build."""
        self.rows_of_marts = {
            mart: asking(f"select count(*) from marts.{mart}")[0][0] for (mart,) in asking(_MARTS)
        }
        if not self.tests_passed:
            return  # nothing was built
        self.dates_touched = [day for (day,) in asking(_TOUCHED)]
        self.as_of_date = asking(_AS_OF)[0][0] if self.is_published else None
        if self.as_of_date:
            self._add_revenue(asking, self.as_of_date)

    def _add_revenue(self, asking: Asking, day: date) -> None:
        days = [day - timedelta(weeks=weeks) for weeks in range(WEEKS + 1)]
        revenue: dict[date, Decimal] = dict(
            asking(_REVENUE.format(days=", ".join(f"date '{one}'" for one in days)))
        )
        self.net_revenue = revenue.pop(day, Decimal(0))
        usual = median(revenue.values()) if revenue else None
        self.usual_net_revenue = None if usual is None else round(Decimal(usual), 2)

    def as_json(self) -> dict[str, Any]:
        """The same for programs: amounts as text, so that no cent is lost."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    match value:
        case date() | Decimal():
            return str(value)
        case list():
            return [_plain(one) for one in value]
        case _:
            return value


def print_summary(summary: Summary, console: Console) -> None:
    """Print the summary for people."""
    table = Table(show_header=False, title="This morning", title_justify="left")
    for name, value in _lines(summary):
        table.add_row(name, value)
    console.print(table)


def _lines(summary: Summary) -> Iterable[tuple[str, str]]:
    yield "marts", "published" if summary.is_published else "NOT published: they are as they were"
    yield "files landed", readable(summary.files_landed)
    if summary.files_not_landed:
        yield "files not landed", ", ".join(summary.files_not_landed)
    yield "rows landed, rejected", f"{summary.rows_landed:,}, {summary.rows_rejected:,}"
    yield "dates built anew", _span(summary.dates_touched)
    yield (
        "tests passed, warned, failed",
        (f"{summary.tests_passed:,}, {len(summary.tests_warned):,}, {len(summary.tests_failed):,}"),
    )
    if not summary.is_fresh:
        yield "sources", "NOT fresh: a file is overdue"
    if summary.as_of_date:
        yield f"net revenue of {summary.as_of_date}", _compared(summary)
    yield "rows of marts", ", ".join(f"{mart} {rows:,}" for mart, rows in summary.rows_of_marts.items())


def _span(dates: Sequence[date]) -> str:
    return f"{len(dates):,}, {dates[0]} to {dates[-1]}" if dates else "0"


def _compared(summary: Summary) -> str:
    weekday = summary.as_of_date.strftime("%A") if summary.as_of_date else ""
    usual = f"{summary.usual_net_revenue:,}" if summary.usual_net_revenue is not None else "not known"
    return f"{readable(summary.net_revenue)}; usual on a {weekday}: {usual}"
