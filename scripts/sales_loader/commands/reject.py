"""Sets single rows of a landed file aside, and takes that back."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from sales_loader.commands.options import database_option, project_option, target_option, vars_option
from sales_loader.errors import UsageError
from sales_loader.escaping import escaped
from sales_loader.load_sources import utc_now
from sales_loader.privacy import masked
from sales_loader.settings.business_calendar import read_calendar
from sales_loader.warehouses.target import WarehouseTarget

_MOST_REASON_BYTES = 512


@click.command(
    epilog="\b\nExample:\n"
    "  sales-loader reject 2025-06-30/order_items.csv 17 21 --reason 'a till a year ahead'",
    short_help="Set single rows of a file aside.",
)
@click.argument("file_name", metavar="FILE")
@click.argument("rows", metavar="ROW...", nargs=-1, required=True, type=click.IntRange(min=1))
@click.option("--reason", default="", help="Why, in your words; kept beside the row.")
@click.option("--undo", is_flag=True, help="Let the rows land again when the file is loaded next.")
@target_option
@database_option
@vars_option
@project_option
def reject(
    file_name: str,
    rows: tuple[int, ...],
    reason: str,
    undo: bool,
    target: str,
    database: Path,
    overrides: str,
    project_dir: Path,
) -> None:
    """Set single rows of a landed file aside, so that they do not stop or spoil everything else.

    FILE is the name that `sales-loader status` shows, ROW the number of a row, 1 for the first one below the
    header. The rows go to raw.rejected_rows with the reason set_aside, and do so again whenever the same
    content is loaded; the next build leaves them out. New content is taken as it is, with a warning.
    """
    words = _words(reason, undo)
    warehouse_target = WarehouseTarget(target, database)
    with closing(
        warehouse_target.writable(read_calendar(project_dir, overrides), None, 1, lambda _: None)
    ) as warehouse:
        if undo:
            warehouse.undo_set_aside(file_name, sorted(set(rows)))
        else:
            warehouse.set_aside(file_name, sorted(set(rows)), words, utc_now())
    click.echo(f"{escaped(file_name)}: {_done(rows, undo)}")


def _words(reason: str, undo: bool) -> str:
    words = masked(reason.strip())
    if bool(words) is undo:
        raise UsageError("Say why with --reason TEXT, or pass --undo to take it back; not both.")
    if len(words.encode()) > _MOST_REASON_BYTES:
        raise UsageError(f"The reason is longer than {_MOST_REASON_BYTES} bytes. Make it shorter.")
    return words


def _done(rows: Sequence[int], undo: bool) -> str:
    named = f"row{'s' if len(set(rows)) > 1 else ''} {', '.join(map(str, sorted(set(rows))))}"
    if undo:
        return f"{named} set aside no more: landed when `sales-loader load` or `daily` finds the file again."
    return (
        f"{named} set aside. They stay so while the content of the file is the same; the next build leaves "
        "them out. To take it back: sales-loader reject --undo"
    )
