"""What the commands show: tables and messages for people, JSON lines for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from sales_loader.escaping import as_json_line, escaped, escaped_lines
from sales_loader.events import Event, Level
from sales_loader.load_service import DRY_RUN, FileResult, Outcome
from sales_loader.reject_reasons import explanation
from sales_loader.sources.local import SalesFile
from sales_loader.warehouses.interface import Load, RejectedRow, SetAside

_COLOURS = {Level.WARNING: "yellow", Level.ERROR: "red"}
_MOST_SKIPPED = 10  # more unchanged files than this become one row: years of them would hide the new ones
_NO_TERMINAL_WIDTH = 1000  # rich cuts a table to the width of the terminal; without one, nothing may be cut


class Reporter(Protocol):
    """Shows the course of a load."""

    def tell(self, event: Event) -> None:
        """Show one event."""

    def progress(self, files: Sequence[SalesFile]) -> Iterator[SalesFile]:
        """Hand out files one by one and show the progress of the load."""

    def finish(self, results: Sequence[FileResult]) -> None:
        """Show what became of all files."""


class JsonReporter:
    """One JSON object per line: level, event, message and the event's fields."""

    def tell(self, event: Event) -> None:
        """Print an event."""
        line = {"level": event.level, "event": event.name, "message": event.message, **event.fields}
        click.echo(as_json_line(line))

    def progress(self, files: Sequence[SalesFile]) -> Iterator[SalesFile]:
        """Hand out the files; the events show the progress."""
        yield from files

    def finish(self, results: Sequence[FileResult]) -> None:
        """Print the totals."""
        if not results:
            return
        counts = {outcome.name.lower(): 0 for outcome in Outcome}
        for result in results:
            counts[result.outcome.name.lower()] += 1
        level = Level.ERROR if counts["refused"] or counts["failed"] else Level.INFO
        self.tell(Event(level, "finished", fields=counts))


class TextReporter:
    """A bar while loading, then a table of files, then the messages."""

    def __init__(self) -> None:
        self._console = _console()
        self.messages: list[Event] = []  # the messages so far

    def tell(self, event: Event) -> None:
        """Keep a message for after the table."""
        if event.message:
            self.messages.append(event)

    def progress(self, files: Sequence[SalesFile]) -> Iterator[SalesFile]:
        """Hand out the files, with a bar over their bytes on a terminal."""
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TimeElapsedColumn(),
        )
        with Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        ) as bar:
            task = bar.add_task("", total=sum(file.size() for file in files))
            for file in files:
                size = file.size()
                bar.update(task, description=escaped(file.name))
                yield file
                bar.advance(task, size)

    def finish(self, results: Sequence[FileResult]) -> None:
        """Print the table and the messages."""
        is_dry_run = any(event.name == DRY_RUN for event in self.messages)
        if results:
            self._console.print(_results_table(results, "would happen" if is_dry_run else "happened"))
        for event in self.messages:
            # What stops a command may be a list of faults; a file's name must not begin a line.
            shown = (escaped_lines if event.name == "failed" else escaped)(event.message)
            click.secho(shown, fg=_COLOURS.get(event.level), err=True)
        if any(result.reasons for result in results) and not is_dry_run:
            click.echo("Rejected rows are kept with their reasons. To see them: sales-loader rejects")


def print_loads(loads: Sequence[Load]) -> None:
    """Print the ledger with its totals."""
    columns = ("load", "loaded at (UTC)", "file", "table", "read", "landed", "rejected", "business dates")
    table = _table(columns, numbers={"load", "read", "landed", "rejected"}, footer=True)
    for load in loads:
        loaded_at = load.loaded_at.isoformat(" ", "seconds")
        table.add_row(
            str(load.load_id),
            loaded_at,
            escaped(load.file_name),
            load.table_name,
            *_counts(load),
            _dates(load),
        )
    table.columns[2].footer = f"{len(loads)} files"
    for column, name in zip(table.columns[4:7], ("rows_read", "rows_landed", "rows_rejected"), strict=True):
        column.footer = _number(sum(getattr(load, name) for load in loads))
    _console().print(table)


def print_rejected(rows: Iterable[RejectedRow], counts: Mapping[str, int]) -> None:
    """Print rejected rows, then their number by reason."""
    console = _console()
    table = _table(("file", "row", "table", "reason", "raw line"), numbers={"row"})
    for row in rows:
        table.add_row(
            escaped(row.file_name), str(row.row_number), row.table_name, row.reason, escaped(row.raw_line)
        )
    console.print(table)
    by_reason = _table(("reason", "rows", "what it means"), numbers={"rows"}, footer=True)
    for reason, count in counts.items():
        by_reason.add_row(reason, _number(count), explanation(reason))
    by_reason.columns[0].footer = "all"
    by_reason.columns[1].footer = _number(sum(counts.values()))
    console.print(by_reason)


def print_set_aside(decisions: Iterable[SetAside]) -> None:
    """Print the rows that are set aside, with reason and time."""
    for one in decisions:
        when = one.set_aside_at.isoformat(" ", "minutes")
        click.echo(escaped(f"{one.file_name}, row {one.row_number}: set aside on {when} UTC: {one.reason}"))


def _results_table(results: Sequence[FileResult], did_what: str) -> Table:
    skipped = sum(result.outcome is Outcome.SKIPPED for result in results)
    shown = [
        result for result in results if result.outcome is not Outcome.SKIPPED or skipped <= _MOST_SKIPPED
    ]
    # A terminal of 80 columns shows numbers and dates unbroken; what is read is what landed and was rejected.
    columns = ("file", "table", "landed", "rejected", "dates", f"what {did_what}")
    table = _table(columns, numbers={"landed", "rejected"})
    table.box, table.padding = box.SIMPLE_HEAD, 0
    for column in table.columns[2:5]:
        column.no_wrap = True
    for result in shown:
        load, name = result.load, escaped(result.name)
        if load is None or result.outcome is Outcome.WITHDRAWN:
            table.add_row(name, "", "", "", "", result.outcome.value)
            continue
        _, landed, rejected = _counts(load)
        reasons = (f"{reason} {_number(count)}" for reason, count in result.reasons.items())
        outcome = "\n".join((_outcome(result), *reasons))
        table.add_row(name, load.table_name, landed, rejected, _dates(load, "\n"), outcome)
    if len(shown) < len(results):
        table.add_row(f"{_number(skipped)} other files", "", "", "", "", Outcome.SKIPPED.value)
    return table


def _outcome(result: FileResult) -> str:
    taken_back = result.taken_back
    return f"{result.outcome.value}, {taken_back} taken back" if taken_back else result.outcome.value


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _NO_TERMINAL_WIDTH
    return console


def _table(columns: Iterable[str], numbers: set[str], *, footer: bool = False) -> Table:
    table = Table(show_footer=footer)
    for name in columns:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    return table


def _counts(load: Load) -> tuple[str, str, str]:
    return _number(load.rows_read), _number(load.rows_landed), _number(load.rows_rejected)


def _dates(load: Load, between: str = " to ") -> str:
    first, last = load.first_business_date, load.last_business_date
    if first is None:
        return ""
    return str(first) if first == last else f"{first}{between}{last}"


def _number(count: int) -> str:
    return f"{count:,}"
