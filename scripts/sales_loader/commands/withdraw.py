"""Takes a file's rows back out of the warehouse."""

from contextlib import closing
from pathlib import Path

import click

from sales_loader.commands.options import database_option, target_option, warehouse_project_option
from sales_loader.escaping import escaped
from sales_loader.load_sources import utc_now
from sales_loader.settings.business_calendar import BusinessCalendar
from sales_loader.warehouses.target import WarehouseTarget


@click.command(
    epilog="Example: sales-loader withdraw 2025-06-30/order_items.csv",
    short_help="Take a file's rows back.",
)
@click.argument("file_name", metavar="FILE")
@target_option
@database_option
@warehouse_project_option
def withdraw(file_name: str, target: str, database: Path) -> None:
    """Take all rows of a file, landed and rejected, out of the raw tables.

    FILE is the name that `sales-loader status` shows. What other files say about the same lines counts again,
    and the next build brings the marts in line. The file stays on record in raw.withdrawn_files: as long as
    its content is the same it is skipped, until `sales-loader load --again` loads it again.
    """
    warehouse_target = WarehouseTarget(target, database)
    with closing(warehouse_target.writable(BusinessCalendar(), None, 1, lambda _: None)) as warehouse:
        load = warehouse.withdraw(file_name, utc_now())
    click.echo(
        f"{escaped(load.file_name)}: withdrawn, {load.rows_landed:,} rows of {load.table_name} and "
        f"{load.rows_rejected:,} rejected rows. "
        "It is skipped until its content changes, or `sales-loader load --again` loads it again."
    )
