"""Options that several commands share."""

from pathlib import Path

import click

database_option = click.option(
    "--database",
    envvar="WAREHOUSE_PATH",
    default="warehouse.duckdb",
    show_default="$WAREHOUSE_PATH, else warehouse.duckdb",
    type=click.Path(path_type=Path),
    help="DuckDB file of the warehouse.",
)
