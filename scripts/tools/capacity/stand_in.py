"""A daily run on the stand-in of Redshift: the statements that it sends, and the plans of PostgreSQL."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sales_pipeline.daily.daily_run import CANDIDATE
from tests.redshift_stand_in.rewriting import rewrite
from tests.redshift_stand_in.stand_in import USER, StandIn
from tools.capacity.samples import Size, run, write_files
from tools.capacity.tables import Model, read_models

_LOGGED = re.compile(
    rf"^{USER}\|[^|]*\|LOG:  (?:statement|execute [^:]+): (?:/\*.*?\*/\s*)*(\w+)", re.MULTILINE
)
_LOG_ALL = ("log_statement = 'all'", "log_line_prefix = '%u|%p|'")
_JOINS = ("Hash Join", "Merge Join", "Nested Loop")


@dataclass(frozen=True)
class Join:
    """One join of a plan.

    Attributes:
        kind: PostgreSQL's word for it.
        estimated: rows that the planner expected.
        actual: rows that came.
        smaller: rows of its smaller side.
    """

    kind: str
    estimated: float
    actual: float
    smaller: float


@dataclass(frozen=True)
class Trial:
    """What the stand-in has shown.

    Attributes:
        size: of the franchise that it held.
        statements: of a daily run, by their first word.
        joins: in the plan of each model, by its name.
    """

    size: Size
    statements: Mapping[str, int]
    joins: Mapping[str, list[Join]]


def try_out(size: Size, folder: Path, project: Path) -> Trial:
    """Load and build a history and one more day, then read the plans of the models.

    Args:
        size: of the franchise; a small one, as nothing here is fast.
        folder: where the files go.
        project: folder of the dbt project.
    """
    history, last_day = write_files(size, folder)
    with StandIn() as stand_in:
        for setting in _LOG_ALL:
            stand_in.query(f"alter system set {setting}")
        stand_in.query("select pg_reload_conf()")
        environment = (
            os.environ
            | stand_in.environment()
            | {
                "WAREHOUSE_TARGET": "redshift",
                "DBT_LOG_PATH": str(folder / "logs"),
                "DBT_TARGET_PATH": str(folder / "target"),
            }
        )
        run(project, environment, "sales-loader", "daily", history, "--no-docs", "--no-report")
        logged_before = len(_log(stand_in))
        run(project, environment, "sales-loader", "daily", last_day, "--no-report")
        statements = count_statements(_log(stand_in)[logged_before:])
        waiting = json.dumps(CANDIDATE)
        run(project, environment, "dbt", "--quiet", "compile", "--vars", waiting, "--target", "redshift")
        stand_in.query("analyze")
        models = read_models(folder / "target" / "manifest.json")
        return Trial(size, statements, {model.name: _joins(stand_in, model) for model in models})


def count_statements(log: str) -> dict[str, int]:
    """Statements in PostgreSQL's log, by their first word."""
    return dict(Counter(word.lower() for word in _LOGGED.findall(log)))


def _log(stand_in: StandIn) -> str:
    return str(stand_in.query("select pg_read_file('log')")[0][0])


def _joins(stand_in: StandIn, model: Model) -> list[Join]:
    # A nested loop that remains now has no equality to hash or to merge by.
    settings = "set search_path = public, rs; set enable_nestloop = off; set jit = off;"
    query = f"{settings} explain (analyze, timing off, format json) {rewrite(model.query).sql}"
    (plan,) = stand_in.query(query)[0][0]
    return list(read_joins(plan["Plan"]))


def read_joins(node: Mapping[str, Any]) -> Iterator[Join]:
    """The joins of a plan as PostgreSQL writes it in JSON after it has run it."""
    below = {child.get("Parent Relationship"): child for child in node.get("Plans", [])}
    if node["Node Type"] in _JOINS and {"Outer", "Inner"} <= set(below):
        # The inner side of a nested loop comes again for each row of the outer one.
        loops = 1 if node["Node Type"] == "Nested Loop" else below["Inner"]["Actual Loops"]
        sides = _rows(below["Outer"]), below["Inner"]["Actual Rows"] * loops
        yield Join(node["Node Type"], node["Plan Rows"], _rows(node), min(sides))
    for child in node.get("Plans", []):
        yield from read_joins(child)


def _rows(node: Mapping[str, Any]) -> float:
    return float(node["Actual Rows"] * node["Actual Loops"])
