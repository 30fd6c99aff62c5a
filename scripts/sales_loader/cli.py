"""The command line: options, environment, exit codes."""

import traceback
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

import click
import duckdb

from sales_loader import report
from sales_loader.build import build
from sales_loader.check import check
from sales_loader.contract import SET_ASIDE
from sales_loader.daily import daily
from sales_loader.dbt_command import dbt
from sales_loader.duckdb_database import explained, is_broken
from sales_loader.errors import LoaderError, UsageError
from sales_loader.escaping import escaped, escaped_lines
from sales_loader.events import Event, Level
from sales_loader.generator.command import generate
from sales_loader.headline import headline
from sales_loader.init import init
from sales_loader.loading import PARALLEL, load_sources
from sales_loader.morning import morning
from sales_loader.options import (
    database_option,
    memory_limit_option,
    project_option,
    target_option,
    vars_option,
    wait_option,
    warehouse_project_option,
)
from sales_loader.own_data import locations
from sales_loader.privacy import masked
from sales_loader.reject import reject
from sales_loader.service import EXIT_FAILED, FileResult, LoadOptions, exit_code
from sales_loader.status import status
from sales_loader.targets import Place
from sales_loader.warehouse import RejectFilter
from sales_loader.withdraw import withdraw

EXIT_INTERRUPTED = 130

_INTERRUPTED = "Interrupted: what was under way left nothing half done. Run the same command again."


class _Commands(click.Group):
    """Commands whose failures end in one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises becomes a message and an exit code."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(escaped_lines(str(error))) from error
        except LoaderError as error:
            _leave(ctx, str(error), EXIT_FAILED)
        except KeyboardInterrupt:
            _leave(ctx, _INTERRUPTED, EXIT_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if _is_interrupt(error):
                _leave(ctx, _INTERRUPTED, EXIT_INTERRUPTED)
            if ctx.params["debug"]:
                click.echo(escaped_lines(masked(traceback.format_exc())), err=True)
            _leave(ctx, _unexpected(error), EXIT_FAILED)


def _is_interrupt(error: Exception) -> bool:
    # What DuckDB raises when Ctrl-C arrives during a query.
    return isinstance(error, RuntimeError) and "interrupted" in str(error).lower()


def _unexpected(error: Exception) -> str:
    if isinstance(error, duckdb.Error) and is_broken(str(error)):
        return explained(error)
    message = escaped(masked(str(error)).partition("\n")[0])
    return f"Unexpected {type(error).__name__}: {message} (sales-loader --debug shows where)"


def _leave(ctx: click.Context, message: str, code: int) -> NoReturn:
    click.echo(escaped_lines(message), err=True)
    ctx.exit(code)


@click.group(
    cls=_Commands,
    epilog="Example: sales-loader load exports/ --database warehouse.duckdb",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--debug", is_flag=True, help="Show where an unexpected error came from.")
@click.version_option(None, "-V", "--version", package_name="franchise-sales-metrics")
def main(debug: bool) -> None:
    """Land the ordering platform's daily sales files in the warehouse, each row exactly once."""


@main.command(
    epilog="\b\nExample:\n  sales-loader load exports/2025-06-30 --vars '{business_day_start_hour: 4}'",
    short_help="Load files and folders.",
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@target_option
@database_option
@click.option(
    "--replace", is_flag=True, help="Let new content replace a file of its name whatever that takes away."
)
@click.option("--again", is_flag=True, help="Load withdrawn files again.")
@click.option("--dry-run", is_flag=True, help="Say what would happen to each file, and write nothing.")
@click.option("--alone", is_flag=True, help="Refuse a warehouse that holds other files than these.")
@vars_option
@project_option
@memory_limit_option
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    default=PARALLEL,
    show_default=True,
    help="Redshift: most parts that a file is staged in, none below 1 MB.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A table for people, or one JSON object per line.",
)
@wait_option
@click.pass_context
def load(
    ctx: click.Context,
    sources: tuple[str, ...],
    target: str,
    database: Path,
    replace: bool,
    again: bool,
    dry_run: bool,
    alone: bool,
    overrides: str,
    project_dir: Path,
    memory_limit: str,
    parallel: int,
    log_format: str,
    wait_minutes: float,
) -> None:
    """Load sales files, folders of them, or s3:// prefixes into the warehouse.

    Takes .csv, .csv.gz and .csv.zst. A file with the name and content of an earlier one is skipped, even if
    that was withdrawn; with new content it replaces the earlier one. Rows that break the contract are kept
    apart with their reason.
    ARCHIVE_MAX_GB (20) and ARCHIVE_MAX_RATIO (100) in the environment limit what compressed files expand to.
    CARD_HASH_KEY in the environment, 32 ASCII characters or more, is the key card numbers are hashed with.

    Exit code: 0 all landed, 1 a file was refused or failed, 2 wrong usage, 3 landed with rejected rows.
    """
    reporter = report.JsonReporter() if log_format == "json" else report.TextReporter()
    place = Place(target, database, memory_limit, wait_minutes)
    results: list[FileResult] = []
    code = EXIT_FAILED
    try:
        results = load_sources(
            place,
            sources,
            LoadOptions(replace=replace, again=again, dry_run=dry_run, alone=alone),
            reporter,
            project_dir=project_dir,
            overrides=overrides,
            parallel=parallel,
        )
        code = exit_code(results)
    except UsageError:
        raise
    except LoaderError as error:
        reporter.tell(Event(Level.ERROR, "failed", str(error)))
    reporter.finish(results)
    ctx.exit(code)


@main.command(epilog="Example: sales-loader rejects --reason bad_item_price --export rejected.csv")
@target_option
@database_option
@warehouse_project_option
@click.option("--file", "file_name", metavar="NAME", help="Only rows of this file, as status names it.")
@click.option("--reason", help="Only rows rejected for this reason.")
@click.option(
    "--export",
    type=click.Path(path_type=Path),
    help="Write all these rows to a CSV file. A cell that a spreadsheet would compute begins with a '.",
)
@click.option("--limit", default=50, show_default=True, help="Most rows to show.")
def rejects(
    target: str, database: Path, file_name: str | None, reason: str | None, export: Path | None, limit: int
) -> None:
    """Show rows that were not loaded, why, and how many for each reason.

    Loyalty card numbers in them are masked. Correct the rows where they come from, export the file again
    under the same name and load it: the corrected file takes the place of the earlier one.
    """
    wanted = RejectFilter(file_name, reason)
    with closing(Place(target, database).readable()) as warehouse:
        counts = warehouse.reject_counts(wanted)
        rows = warehouse.rejected_rows(wanted, limit)
        decisions = warehouse.set_aside_rows()
        if export:
            count = warehouse.export_rejected_rows(wanted, export)
            click.echo(f"{count} rows written to {escaped(str(export))}.")
    if not counts:
        click.echo("No rejected rows.")
        return
    report.print_rejected(rows, counts)
    click.echo(
        "Rows are counted from 1 after the header, as rejected_rows does: row 1 is line 2 of most files, and "
        "empty lines and line breaks in quotes add to the line."
    )
    if counts.get(SET_ASIDE):
        report.print_set_aside(one for one in decisions if file_name in (None, one.file_name))
    if sum(counts.values()) > len(rows):
        click.echo(
            f"{len(rows)} of {sum(counts.values()):,} rows shown; --limit shows more, --export writes all."
        )


for command in (
    *(build, check, daily, dbt, generate, headline, init),
    *(locations, morning, reject, status, withdraw),
):
    main.add_command(command)
