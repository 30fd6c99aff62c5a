"""The command that loads files."""

from pathlib import Path

import click

from sales_loader import report
from sales_loader.commands.options import (
    database_option,
    memory_limit_option,
    project_option,
    target_option,
    vars_option,
    wait_option,
)
from sales_loader.errors import LoaderError, UsageError
from sales_loader.events import Event, Level
from sales_loader.load_service import EXIT_FAILED, FileResult, LoadOptions, exit_code
from sales_loader.load_sources import PARALLEL, load_sources
from sales_loader.warehouses.target import WarehouseTarget


@click.command(
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
    warehouse_target = WarehouseTarget(target, database, memory_limit, wait_minutes)
    results: list[FileResult] = []
    code = EXIT_FAILED
    try:
        results = load_sources(
            warehouse_target,
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
