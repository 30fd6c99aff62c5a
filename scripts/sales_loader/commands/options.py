"""Options that several commands share."""

from functools import partial
from pathlib import Path

import click

from sales_loader.settings.project import find_project, no_project
from sales_loader.warehouses.duckdb.database import MEMORY_LIMIT

_PROJECT = "sales_loader.project"  # key of its folder in the context

target_option = click.option(
    "--target",
    envvar="WAREHOUSE_TARGET",
    type=click.Choice(["duckdb", "redshift"]),
    default="duckdb",
    show_default="$WAREHOUSE_TARGET, else duckdb",
    help="Kind of warehouse; where Redshift is and how to sign in is told by REDSHIFT_… in the environment.",
)


def _needed_project(ctx: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    found = find_project(given)
    if found is None:
        raise no_project()
    ctx.meta[_PROJECT] = found
    return found


def _possible_project(ctx: click.Context, _option: click.Parameter, given: Path | None) -> None:
    ctx.meta[_PROJECT] = find_project(given) or Path()


def _database(ctx: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    """The file; as given where that is right in the project's folder too, else absolute."""
    project: Path = ctx.meta[_PROJECT]
    if given is None:
        return project / "warehouse.duckdb"
    return given if project == Path() else given.absolute()


def project_folder(ctx: click.Context) -> Path:
    """Folder of the project, for a command with one of the options below, else the current one."""
    folder: Path = ctx.meta[_PROJECT]
    return folder


_project_option = partial(
    click.option,
    "--project-dir",
    is_eager=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of dbt_project.yml.  [default: the nearest from the current one upwards]",
)
# For commands that read the project; and for those that only look for the warehouse in its folder.
project_option = _project_option(callback=_needed_project)
warehouse_project_option = _project_option(callback=_possible_project, expose_value=False)
database_option = click.option(
    "--database",
    envvar="WAREHOUSE_PATH",
    callback=_database,
    type=click.Path(path_type=Path),
    help="DuckDB file of the warehouse, relative to the current folder.  "
    "[default: $WAREHOUSE_PATH, else warehouse.duckdb in the project's folder]",
)
# Any target of the profile, for commands that are dbt's above all.
dbt_target_option = click.option(
    "--target",
    envvar="WAREHOUSE_TARGET",
    default="duckdb",
    show_default="$WAREHOUSE_TARGET, else duckdb",
    help="Target of profiles.yml.",
)
vars_option = click.option(
    "--vars",
    "overrides",
    default="",
    metavar="YAML",
    help="Variables of the models, over settings.yml and dbt_project.yml.",
)
wait_option = click.option(
    "--wait",
    "wait_minutes",
    type=click.FloatRange(min=0),
    default=0,
    show_default=True,
    metavar="MINUTES",
    help="Wait so long for a process that holds the DuckDB file open, such as a SQL client.",
)
memory_limit_option = click.option(
    "--memory-limit", default=MEMORY_LIMIT, show_default=True, help="Memory that DuckDB may use."
)
