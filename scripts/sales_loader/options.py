"""Options that several commands share."""

from pathlib import Path

import click

MEMORY_LIMIT = "1GB"

target_option = click.option(
    "--target",
    envvar="WAREHOUSE_TARGET",
    type=click.Choice(["duckdb", "redshift"]),
    default="duckdb",
    show_default="$WAREHOUSE_TARGET, else duckdb",
    help="Kind of warehouse; where Redshift is and how to sign in is told by REDSHIFT_… in the environment.",
)
database_option = click.option(
    "--database",
    envvar="WAREHOUSE_PATH",
    default="warehouse.duckdb",
    show_default="$WAREHOUSE_PATH, else warehouse.duckdb",
    type=click.Path(path_type=Path),
    help="DuckDB file of the warehouse.",
)
vars_option = click.option(
    "--vars", "overrides", default="", metavar="YAML", help="Variables as for dbt, over dbt_project.yml."
)
memory_limit_option = click.option(
    "--memory-limit", default=MEMORY_LIMIT, show_default=True, help="Memory that DuckDB may use."
)
