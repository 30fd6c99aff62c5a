"""The command `export`."""

from pathlib import Path

import click

from sales_export.duckdb_files import FORMATS
from sales_export.export import DEFAULT_FOLDER, Export
from sales_loader.commands.options import (
    database_option,
    memory_limit_option,
    project_folder,
    target_option,
    wait_option,
    warehouse_project_option,
)
from sales_loader.escaping import escaped
from sales_loader.warehouses.target import WarehouseTarget


@click.command(
    epilog="Example: sales-loader export --to /srv/bi --format parquet",
    short_help="Copy the marts into files for BI tools.",
)
@target_option
@database_option
@warehouse_project_option
@memory_limit_option
@click.option(
    "--to",
    envvar="EXPORT_TO",
    metavar="FOLDER|S3",
    help="Folder, relative to the current one; for Redshift an s3:// prefix.  "
    f"[default: $EXPORT_TO, else {DEFAULT_FOLDER} in the project's folder]",
)
@click.option(
    "--format",
    "file_format",
    envvar="EXPORT_FORMAT",
    type=click.Choice(FORMATS),
    help="One DuckDB file, or Parquet files.  [default: $EXPORT_FORMAT, else duckdb; for Redshift parquet]",
)
@wait_option
@click.pass_context
def export(
    ctx: click.Context,
    target: str,
    database: Path,
    memory_limit: str,
    to: str | None,
    file_format: str | None,
    wait_minutes: float,
) -> None:
    """Copy the marts, and nothing else, into files that other programs read without locking the warehouse.

    The files replace those of the export before, all at once. Whoever has the old ones open keeps them, and
    an export that is killed leaves them. The daily run exports by itself. By hand, do it when no run is at
    work: between two of its steps this would hold the warehouse file open, and end the run.
    """
    project = project_folder(ctx)
    warehouse_target = WarehouseTarget(target, database, memory_limit, wait_minutes)
    exported = Export(warehouse_target, to or str(project / DEFAULT_FOLDER), file_format, project).write()
    click.echo(escaped(str(exported)))
