"""The command that makes schema raw on Redshift and says which rights others need."""

from contextlib import closing
from pathlib import Path

import click

from sales_loader.commands.options import target_option
from sales_loader.warehouses.redshift.schema import create_statements, grants, raw_tables
from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget

_NOT_NEEDED = "A DuckDB warehouse needs no preparation: the first load makes it."


@click.command(
    epilog="\b\nExample:\n  sales-loader init --target redshift --bi 'role bi_readers' > grants.sql",
    short_help="Create schema raw on Redshift; print the grants.",
)
@target_option
@click.option("--loader", default="loader", show_default=True, help="Database user that loads files.")
@click.option("--dbt", default="dbt", show_default=True, help="Database user that builds the models.")
@click.option(
    "--bi", default="role bi", show_default=True, help="User, or 'role NAME', that reads the marts."
)
@click.option("--dry-run", is_flag=True, help="Print the statements instead of running them.")
def init(target: str, loader: str, dbt: str, bi: str, dry_run: bool) -> None:
    """Create schema raw and its tables where they are missing, and print the grants for an administrator.

    What is there already stays as it is, so it may be run again. The grants go to standard output, everything
    else to standard error.
    """
    if target != REDSHIFT:
        click.echo(_NOT_NEEDED)
        return
    if dry_run:
        click.echo(";\n".join(create_statements()) + ";\n")
    else:
        with closing(WarehouseTarget(target, Path()).session()) as session:
            for statement in create_statements():
                session.run(statement)
        click.echo(f"Schema raw is there, with {', '.join(raw_tables())}.", err=True)
    click.echo(grants(loader, dbt, bi))
