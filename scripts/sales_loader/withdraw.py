"""Takes a file's rows back out of the warehouse."""

from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from sales_loader.duckdb_database import open_database
from sales_loader.duckdb_warehouse import DuckDbWarehouse
from sales_loader.options import database_option

_MEMORY_LIMIT = "1GB"


@click.command(
    epilog="Example: sales-loader withdraw 2025-06-30/order_items.csv",
    short_help="Take a file's rows back.",
)
@click.argument("file_name", metavar="FILE")
@database_option
def withdraw(file_name: str, database: Path) -> None:
    """Take all rows of a file, landed and rejected, out of the raw tables.

    FILE is the name that `sales-loader status` shows. What other files say about the same lines counts again,
    and the next build brings the marts in line. The file stays on record in raw.withdrawn_files, and can be
    loaded again.
    """
    connect = partial(open_database, database, _MEMORY_LIMIT, read_only=False)
    with closing(DuckDbWarehouse(database, connect)) as warehouse:
        load = warehouse.withdraw(file_name, datetime.now(UTC).replace(tzinfo=None))
    click.echo(
        f"{load.file_name}: withdrawn, {load.rows_landed:,} rows of {load.table_name} and "
        f"{load.rows_rejected:,} rejected rows."
    )
