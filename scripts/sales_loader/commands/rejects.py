"""The command that shows rejected rows."""

from contextlib import closing
from pathlib import Path

import click

from sales_loader import report
from sales_loader.commands.options import database_option, target_option, warehouse_project_option
from sales_loader.contract import SET_ASIDE
from sales_loader.escaping import escaped
from sales_loader.warehouses.interface import RejectFilter
from sales_loader.warehouses.target import WarehouseTarget


@click.command(epilog="Example: sales-loader rejects --reason bad_item_price --export rejected.csv")
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
    with closing(WarehouseTarget(target, database).readable()) as warehouse:
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
