"""What the command metrics says where something is missing, before it reads the project."""

import sys

import pytest

from tests.python.support.loader_bench import Bench


def test_it_says_how_to_install_metricflow(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dbt_metricflow.cli.main", None)
    asked = bench.run("metrics", "--metrics", "net_revenue", "--project-dir", str(bench.folder))
    assert asked.exit_code == 1
    assert "make metrics" in asked.stderr
    assert "requirements-metrics.lock" in asked.stderr


def test_it_says_that_there_is_no_warehouse(bench: Bench) -> None:
    asked = bench.run("metrics", "--metrics", "net_revenue", "--project-dir", str(bench.folder))
    assert asked.exit_code == 1
    assert f"no warehouse at {bench.database}" in asked.stderr
    assert not bench.database.exists()
