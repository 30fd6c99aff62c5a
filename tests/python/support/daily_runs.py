"""A company in front of its daily run, and how to look at its warehouse."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import duckdb

from sales_pipeline.daily.daily_run import RUN_RESULTS
from tests.python.support.project_copy import BIN, Workshop, generate_files

PUBLISHED_ONLY = ("--no-docs", "--no-report", "--no-export")
RAW = ("order_items", "order_item_options", "rejected_rows", "load_files")
# A daily run during whose build somebody else loads a file.
_LOADED_MEANWHILE = """
import subprocess, sys
from sales_pipeline.dbt_project.build import Dbt
from sales_pipeline.cli import main
moment, *load = sys.argv[1:5]
run = Dbt.run
def run_and_load(dbt, *command):
    is_build = command[:2] == ("build", "--exclude-resource-type")
    if is_build and moment == "before":
        subprocess.run(load, check=False)
    results = run(dbt, *command)
    if is_build and moment == "after":
        subprocess.run(load, check=False)
    return results
Dbt.run = run_and_load
main(sys.argv[5:])
"""
# An order of a till that is far ahead.
FUTURE = (
    "APP_NAME,RESTAURANT_ID,CREATION_TIME_UTC,ORDER_ID,USER_ID,PRINTED_CARD_NUMBER,IS_LOYALTY,CURRENCY,LINEITEM_ID,"
    "ITEM_CATEGORY,ITEM_NAME,ITEM_PRICE,ITEM_QUANTITY\n"
    "Kiosk,r1,2099-01-01T12:00:00Z,o1,u1,,FALSE,USD,l1,Salads,Cobb,1,1\n"
)
Rows = list[tuple[Any, ...]]


def company(folder: Path, days: int = 40, few: Collection[str] | None = None) -> Workshop:
    """A workshop with one file per day below ``days``, and the last four of them set aside in ``later``.

    Args:
        folder: where to.
        days: how many there are.
        few: the only marts, for tests of a run and not of figures; all if not given.
    """
    workshop = Workshop.create(folder, marts=few)
    size = [
        "--lines",
        "1200",
        "--days",
        str(days),
        "--restaurants",
        "3",
        "--customers",
        "80",
        "--split-by-day",
    ]
    files = generate_files(folder / "days", *size)
    later = folder / "later"
    later.mkdir()
    for day in sorted(path for path in files.iterdir() if path.is_dir())[-4:]:
        shutil.move(day, later / day.name)
    return workshop


def next_day(folder: Path) -> Path:
    """Put the earliest day that was set aside among the days; returns its folder."""
    day = min((folder / "later").iterdir())
    return Path(shutil.move(day, folder / "days" / day.name))


def correct(file: Path) -> None:
    """Send a day again: its first line gone, its last one dearer and an hour earlier."""
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    rows = rows[1:]
    rows[-1][header.index("ITEM_PRICE")] = "77.77"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])


def daily(workshop: Workshop, *options: str) -> Any:
    """Run `daily` on the days; it only publishes."""
    days = str(workshop.project.parent / "days")
    return workshop.run("sales-loader", "daily", days, *PUBLISHED_ONLY, *options)


def loaded_meanwhile(workshop: Workshop, moment: str, file: Path) -> Any:
    """Run `daily` on the days while somebody else loads a file.

    Args:
        workshop: the company.
        moment: when that happens, ``before`` or ``after`` the build.
        file: what is loaded.
    """
    days = workshop.project.parent / "days"
    load = (BIN / "sales-loader", "load", file)
    return subprocess.run(
        [sys.executable, "-c", _LOADED_MEANWHILE, moment, *load, "daily", days, *PUBLISHED_ONLY],
        cwd=workshop.project,
        env=os.environ | workshop.variables(),
        capture_output=True,
        text=True,
        check=False,
    )


def results_of_the_build(workshop: Workshop) -> dict[str, str]:
    """What dbt says of each node of the last daily run's build, by id."""
    results = json.loads((workshop.project / RUN_RESULTS).read_text(encoding="utf-8"))["results"]
    return {result["unique_id"]: result["status"] for result in results}


def marts(warehouse: Path, schema: str = "marts") -> dict[str, Rows]:
    """All rows of all marts."""
    query = f"select table_name from information_schema.tables where table_schema = '{schema}'"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = [name for (name,) in connection.execute(query).fetchall()]
    return _tables(warehouse, {name: f"from {schema}.{name} order by all" for name in names})


def raw(warehouse: Path) -> dict[str, Rows]:
    """All rows of the raw tables but the numbers and times of their landing."""
    left_out = "exclude ({}batch_id, {}loaded_at)"
    return _tables(
        warehouse,
        {
            name: f"select * {left_out.format(*(2 * (['_'] if name != 'load_files' else [''])))} "
            f"from raw.{name} order by all"
            for name in RAW
        },
    )


def _tables(warehouse: Path, queries: dict[str, str]) -> dict[str, Rows]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {name: connection.execute(query).fetchall() for name, query in queries.items()}
