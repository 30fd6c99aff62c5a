"""The command that prints the rows which the seed of locations lacks."""

import csv
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytz

from sales_loader.commands.options import database_option, project_option, target_option, vars_option
from sales_loader.errors import LoaderError
from sales_loader.escaping import escaped
from sales_loader.settings.business_calendar import read_locations
from sales_loader.settings.own_settings import seed_file
from sales_loader.settings.variables import read_variables
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.settings_check import landed_lines


@click.command(
    epilog="Example: sales-loader locations >> seeds/locations.csv",
    short_help="Show the rows that seeds/locations.csv lacks.",
)
@target_option
@database_option
@project_option
@vars_option
def locations(target: str, database: Path, project_dir: Path, overrides: str) -> None:
    """Show a row for each landed location that seeds/locations.csv does not name, as CSV to add to it.

    Its columns are location_id, location_name (the id, to be replaced), region (blank), timezone (the
    variable default_timezone) and opened_on (the first business date).
    """
    variables = read_variables(project_dir, overrides)
    named = read_locations(project_dir)
    warehouse_target = WarehouseTarget(target, database)
    with closing(warehouse_target.readable()) as warehouse:
        if not warehouse.loads():
            raise LoaderError(f"Nothing was loaded into {warehouse_target} yet.")
    lines = landed_lines(warehouse_target)
    first_at: dict[str, datetime] = {}
    for one in lines:
        first_at[one.location_id] = min(one.first_at, first_at.get(one.location_id, one.first_at))
    rows = [
        _row(location_id, at, variables) for location_id, at in first_at.items() if location_id not in named
    ]
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
    seed = seed_file(project_dir, "locations")
    click.echo(f"{len(rows):,} of {len(first_at):,} landed locations are not in {seed}.", err=True)


def _row(location_id: str, first_at: datetime, variables: Mapping[str, Any]) -> list[object]:
    zone = variables["default_timezone"]
    opened_on = _business_date(first_at, zone, variables["business_day_start_hour"])
    return [escaped(location_id), escaped(location_id), "", zone, opened_on]


def _business_date(time_utc: datetime, zone: str, start_hour: int) -> date:
    local: datetime = pytz.utc.localize(time_utc).astimezone(pytz.timezone(zone))
    return local.date() - timedelta(days=local.hour < start_hour)
