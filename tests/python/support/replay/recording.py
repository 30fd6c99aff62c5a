"""What dbt sends to DuckDB in a first and in a later run, recorded once, so that it can be played many times.

A run of dbt takes seconds, its statements a fraction of one. They depend on no data: a model sends the
same statements whatever the tables hold.
"""

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from tests.python.support.project_copy import Workshop

CHANGES = ("alter", "create", "delete", "drop", "insert", "update")
DBT_COMMENT = re.compile(r"\A\s*/\*.*?\*/", re.DOTALL)
TEST = "select\n      count(*) as failures"
HOOK = "on-run-start"
NOT_TESTED = ("--exclude-resource-type", "unit_test", "--exclude", "customer_status_snapshot")
# So that a company of seven customers and a few months has estimates too.
FEW_ARE_ENOUGH = (
    "--vars",
    "{expected_value_min_month_ends: 2, expected_value_min_starts: 3,"
    " expected_value_min_probability_starts: 3}",
)


@dataclass(frozen=True)
class Step:
    """The statements of one node, in one transaction.

    Attributes:
        node: name of the model or test.
        statements: SQL; of a test the one query that counts its findings.
    """

    node: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Recording:
    """Runs of dbt, to be played on any database named ``warehouse``.

    Attributes:
        first: a run on raw tables and seeds only; it is what a full refresh does too.
        later: a run on the tables of another.
        tests: every data test that stops a build.
        template: a warehouse file with raw tables and seeds.
    """

    first: tuple[Step, ...] = field(repr=False)
    later: tuple[Step, ...] = field(repr=False)
    tests: tuple[Step, ...] = field(repr=False)
    template: Path


class _Recorder:
    """Keeps the statements of dbt's events, by node in the order of running."""

    def __init__(self) -> None:
        self.models: dict[str, list[str]] = {}
        self.tests: dict[str, list[str]] = {}

    def __call__(self, message: EventMsg) -> None:
        if message.info.name != "SQLQuery":
            return
        node = message.data.node_info
        sql = DBT_COMMENT.sub("", message.data.sql).strip()
        if sql.startswith(TEST):
            self.tests.setdefault(node.node_name, []).append(sql)
        if node.node_name and sql.lower().startswith(CHANGES):
            name = HOOK if HOOK in node.node_name else node.node_name
            self.models.setdefault(name, []).append(sql)


def record(workshop: Workshop) -> Recording:
    """Record a first run, a later one and the tests; the workshop has raw tables and no marts."""
    seeded = workshop.run("dbt", "seed")
    assert seeded.returncode == 0, seeded.stdout
    template = workshop.warehouse.with_suffix(".seeded")  # dbt keeps its own file open in this process
    shutil.copy(workshop.warehouse, template)
    first, later = record_runs(workshop, *FEW_ARE_ENOUGH)
    tests = _Recorder()
    _invoke(workshop, tests, "test", *NOT_TESTED, *FEW_ARE_ENOUGH)
    return Recording(first, later, _steps(tests.tests), template)


def record_runs(workshop: Workshop, *options: str) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Record a first run and a later one; the workshop has raw tables and seeds.

    Args:
        workshop: where dbt runs.
        options: more of dbt's, such as ``--target`` or ``--vars``.
    """
    first, later = _Recorder(), _Recorder()
    _invoke(workshop, first, "run", *options)
    _invoke(workshop, later, "run", *options)
    return _steps(first.models), _steps(later.models)


def _invoke(workshop: Workshop, recorder: _Recorder, command: str, *options: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(workshop.project)
        for name, value in workshop.variables().items():
            patch.setenv(name, value)
        quiet = ("--log-level", "none", "--log-level-file", "none")
        done = dbtRunner(callbacks=[recorder]).invoke([*quiet, command, "--threads", "1", *options])
    assert done.success, f"dbt {command} has failed: see {workshop.project / 'logs'} ({done.exception})"


def _steps(statements: Mapping[str, Iterable[str]]) -> tuple[Step, ...]:
    return tuple(Step(node, tuple(found)) for node, found in statements.items())
