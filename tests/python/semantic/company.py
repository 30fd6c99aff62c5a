"""A small company of two years with refunds, guests, an excluded customer and locations without a region."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from tests.python.support.loader_bench import items
from tests.python.support.project_copy import PROJECT, Workshop, generate_files
from tests.redshift_stand_in.stand_in import USER, StandIn

from .asking import Row, read

SEEDS = {
    "locations": (
        "location_id,location_name,region,timezone,opened_on\n"
        "east,Corner,East,America/New_York,\nwest,Square,West,America/Los_Angeles,\n"
    ),
    "excluded_customers": "customer_id,reason\nstaff,test orders\n",
    "menu_category_costs": "item_category,food_cost_rate\nSandwiches,0.3125\n",
}
# Averages of half a cent below and above zero, an order of nothing, a category that is refunded only.
OWN_ITEMS = items(
    *(
        {
            "ORDER_ID": f"own{number}",
            "LINEITEM_ID": f"own{number}",
            "USER_ID": customer,
            "RESTAURANT_ID": location,
            "ITEM_PRICE": price,
            "ITEM_CATEGORY": category,
        }
        for number, (customer, location, price, category) in enumerate(
            [
                ("refunded", "east", "-0.05", "Refunds"),
                ("refunded", "west", "0.02", "Sandwiches"),
                ("thrifty", "east", "0.01", "Sandwiches"),
                ("thrifty", "west", "0.02", "Sandwiches"),
                ("staff", "east", "50.00", "Sandwiches"),
                ("staff", "west", "0.00", "Sandwiches"),
                ("", "west", "3.33", "Sandwiches"),
            ]
        )
    )
)
# With the target that sales-loader names, as dbt reads a project again for another one.
MODELS_ONLY = ("--target", "duckdb", "--exclude-resource-types", "test", "unit_test", "snapshot")


def build(folder: Path) -> Workshop:
    """Load the company into a DuckDB warehouse and build its marts."""
    size = ["--lines", "2000", "--days", "430", "--restaurants", "4", "--customers", "120", "--dirt"]
    files = generate_files(folder / "files", *size)
    (folder / "own.csv").write_bytes(OWN_ITEMS)
    workshop = Workshop.create(folder, SEEDS)
    assert workshop.load(files, folder / "own.csv") == 3
    built = workshop.run("dbt", "build", *MODELS_ONLY)
    assert built.returncode == 0, built.stdout + built.stderr
    return workshop


def on_stand_in(company: Workshop, stand_in: StandIn, folder: Path) -> Workshop:
    """Copy the marts that metrics are made of, as they are built on Redshift, and have a project for them."""
    manifest = json.loads((company.project / "target/semantic_manifest.json").read_text(encoding="utf-8"))
    stand_in.query(f"create schema marts authorization {USER}")
    with duckdb.connect(str(company.warehouse), read_only=True) as connection:
        for table in sorted({model["node_relation"]["alias"] for model in manifest["semantic_models"]}):
            columns = connection.execute(
                "select column_name, data_type from information_schema.columns"
                f" where table_schema = 'marts' and table_name = '{table}' order by ordinal_position"
            ).fetchall()
            rows = connection.execute(f"from marts.{table}").fetchall()
            types = ", ".join(f"{name} {data_type}" for name, data_type in columns)
            stand_in.query(f"create table marts.{table} ({types})")
            stand_in.query(f"alter table marts.{table} owner to {USER}")
            values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
            stand_in.query(f"insert into marts.{table} values {values}")
    other = Workshop.create(folder, SEEDS)
    return Workshop(
        other.project, other.warehouse, {**stand_in.environment(), "WAREHOUSE_TARGET": "redshift"}
    )


def _literal(value: object) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"


def ask(workshop: Workshop, questions: Sequence[dict[str, Any]]) -> list[list[Row]]:
    """Ask all questions, and have MetricFlow validate all definitions.

    Raises:
        AssertionError: a question has no answer, or a definition is not valid.
    """
    answers = workshop.project / "answers.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.python.semantic.asking", str(answers)],
        cwd=workshop.project,
        env={**os.environ, **workshop.variables(), "PYTHONPATH": str(PROJECT)},
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(answers.read_text(encoding="utf-8"))
    return [[{name: read(cell) for name, cell in row.items()} for row in rows] for rows in found]
