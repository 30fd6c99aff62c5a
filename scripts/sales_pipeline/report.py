"""The command that writes the report: the marts as one page."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from sales_loader.commands.options import database_option, project_option, target_option, vars_option
from sales_loader.errors import LoaderError
from sales_loader.settings.variables import read_variables
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.warehouse_queries import open_tables, run_state_tables
from sales_report.assembly import write_report
from sales_report.blocks import BuiltMarts, ReadTable

REPORT_PAGE = Path("target/report.html")
# The food costs that somebody gave for what was sold; without any, margins are an assumption.
GIVEN_FOOD_COSTS = """
    from {seeds}.menu_category_costs
    where item_category in (select item_category from marts.sales_by_category_monthly)"""


@click.command(
    epilog="Example: sales-loader report --out target/report.html",
    short_help="Write the report of the marts as one page.",
)
@target_option
@database_option
@project_option
@vars_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: target/report.html in the project's folder]",
)
def report(target: str, database: Path, project_dir: Path, overrides: str, out: Path | None) -> None:
    """Write what the marts say as one page that opens in any browser, without a server.

    The page holds no customer's id and fetches nothing. An existing file is replaced at once.
    """
    page = out or project_dir / REPORT_PAGE
    size = report_of(WarehouseTarget(target, database), read_variables(project_dir, overrides), page)
    click.echo(f"The report, {size / 1e6:.2f} MB: {page}")


def report_of(warehouse_target: WarehouseTarget, variables: Mapping[str, Any], out: Path) -> int:
    """Write the report of a warehouse.

    Args:
        warehouse_target: the warehouse.
        variables: those of the project; what the marts were built with goes before them.
        out: the file to write.

    Returns:
        The size of the file in bytes.

    Raises:
        LoaderError: the marts are not built, or the file cannot be written.
    """
    with open_tables(warehouse_target) as read:
        return write_report(read, built_marts(read, variables), out)


def built_marts(read: ReadTable, variables: Mapping[str, Any]) -> BuiltMarts:
    """What the marts in use were built of and for.

    Args:
        read: gives names of the columns and rows of a statement on the warehouse.
        variables: those of the project; what the marts were built with goes before them.

    Raises:
        LoaderError: the marts are not built.
    """
    state = next(iter(run_state_tables(lambda statement: read(statement)[1])), None)
    if state is None:
        raise LoaderError(
            "The marts are not built yet. Run `make build`, or `sales-loader build` on this warehouse."
        )
    _, [(as_of, first_day, definitions)] = read(
        f"select as_of_date, first_business_date, definitions from {state}"
    )
    built_with = {
        name: yaml.safe_load(value) for name, value in json.loads(definitions).items() if name in variables
    }
    seeds = state.split(".")[0].replace("intermediate", "staging")
    _, [(costs_given,)] = read(f"select count(*) {GIVEN_FOOD_COSTS}".format(seeds=seeds))
    return BuiltMarts(as_of, first_day, {**variables, **built_with}, has_food_costs=costs_given > 0)
