"""The command that shows what was loaded, what is not published, and how the last daily run ended."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sales_loader import report
from sales_loader.commands.options import (
    database_option,
    project_folder,
    target_option,
    warehouse_project_option,
)
from sales_loader.escaping import as_json_line, escaped, escaped_lines
from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.daily.publication import last_published_load, later_than
from sales_pipeline.daily.run_record import DAILY_JSON, read_record
from sales_pipeline.daily.run_summary import json_value
from sales_pipeline.warehouse_queries import open_query


@click.command(
    epilog="Example: sales-loader status --database warehouse.duckdb",
    short_help="Show which files are in the warehouse, and what is not published.",
)
@target_option
@database_option
@warehouse_project_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option(
    "--summary",
    "summary_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the daily run has written its summary.  [default: target/daily.json in the project's folder]",
)
@click.pass_context
def status(ctx: click.Context, target: str, database: Path, as_json: bool, summary_path: Path | None) -> None:
    """Show which files are in the warehouse, latest load first.

    Then those that landed after the marts were last built and published, and how the last daily run on this
    warehouse ended: the files that it refused, and why nothing was published.
    """
    warehouse_target = WarehouseTarget(target, database)
    with closing(warehouse_target.readable()) as warehouse:
        loads = warehouse.loads()
    with open_query(warehouse_target) as query:
        published = last_published_load(query)
    waiting = [load.file_name for load in later_than(loads, published)]
    folder = project_folder(ctx)
    last_run = _last_run(summary_path or folder / DAILY_JSON, warehouse_target, folder)
    if as_json:
        found = {
            "warehouse": str(warehouse_target),
            "last_published_load": published,
            "landed_not_published": waiting,
            "loads": [{name: json_value(value) for name, value in asdict(load).items()} for load in loads],
            "last_run": last_run or None,
        }
        click.echo(as_json_line(found))
        return
    if loads:
        report.print_loads(loads)
    else:
        click.echo(f"Nothing was loaded into {warehouse_target} yet.")
    if waiting:
        click.echo(
            f"Landed, but not in the marts yet: {', '.join(map(escaped, waiting))}. "
            "The next `sales-loader daily` or `sales-loader build` takes them in."
        )
    for line in _told(last_run):
        click.echo(escaped_lines(line))


def _last_run(path: Path, warehouse_target: WarehouseTarget, folder: Path) -> dict[str, Any]:
    """The record of the last daily run on this warehouse; empty if there is none.

    Args:
        path: file of the record.
        warehouse_target: the warehouse.
        folder: folder of the project, which paths in the record are relative to.
    """
    record = read_record(path)
    where = str(record.get("warehouse"))
    is_same = (
        where == str(warehouse_target) or (folder / where).resolve() == warehouse_target.database.resolve()
    )
    return record if is_same else {}


def _timed(step: Mapping[str, Any]) -> str:
    seconds = step["seconds"]
    return f"{step['name']} {'not ended' if seconds is None else seconds}"


def _told(run: Mapping[str, Any]) -> Iterator[str]:
    if not run:
        return
    if not run.get("ended_at"):
        yield f"The daily run of {run['started_at']} has not ended: it is still running, or it was killed."
    else:
        published = "published" if run["is_published"] else "published nothing"
        yield f"The daily run of {run['started_at']} {published} (exit code {run['exit_code']})."
    if step := run.get("failed_step"):
        yield f"It failed at the step {step}."
    if steps := run.get("steps"):
        yield f"Its steps, in seconds: {', '.join(map(_timed, steps))}."
    yield from run["problems"]
