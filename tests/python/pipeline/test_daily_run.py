"""A daily run publishes all marts, those of a full refresh, and says what it brought."""

import json
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from sales_pipeline.daily.daily_run import FULL_BUILD_ONLY
from tests.python.reference import KEYS
from tests.python.support.daily_runs import company, correct, daily, marts, next_day, results_of_the_build
from tests.python.support.project_copy import PROJECT, Workshop


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("daily")


@pytest.fixture(scope="module")
def published(folder: Path) -> Workshop:
    """A company whose first daily run is over."""
    workshop = company(folder)
    done = workshop.run("sales-loader", "daily", str(folder / "days"), "--no-docs")
    assert done.returncode == 0, done.stdout + done.stderr
    return workshop


def test_report_and_export_are_written_after_publication(published: Workshop) -> None:
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    assert [step["name"] for step in summary["steps"]][-4:] == ["publish", "snapshot", "report", "export"]
    report, file = "target/report.html", "target/export/sales_marts.duckdb"
    assert summary["written"] == {"report": report, "export": file}
    assert b"<!doctype html>" in (published.project / report).read_bytes().lower()
    assert marts(published.project / file) == marts(published.warehouse)
    with duckdb.connect(str(published.project / file), read_only=True) as connection:
        columns = "select column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
        undescribed = connection.execute(columns)
        assert undescribed.fetchall() == []
    kpis = published.run("sales-loader", "kpi-summary").stdout
    assert f"the report        {report}, in a browser" in kpis


def test_the_documented_program_reads_the_export(published: Workshop) -> None:
    text = (PROJECT / "docs" / "connect.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"^```python\n(import duckdb\n.*?)^```", text, re.DOTALL | re.MULTILINE)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=published.project, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) == len(published.rows("location_performance")) == 3


def test_a_daily_run_publishes_what_came_and_says_so(published: Workshop, folder: Path) -> None:
    before = marts(published.warehouse)
    day = next_day(folder)
    correct(min(path for path in (folder / "days").iterdir() if path.is_dir()) / "order_items.csv")
    done = daily(published)
    assert done.returncode == 0, done.stdout + done.stderr
    after = marts(published.warehouse)
    assert after == marts(published.warehouse, "marts_next")
    assert after.keys() == KEYS.keys()
    assert len(after["fct_orders"]) > len(before["fct_orders"])
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    assert summary["is_published"] is True
    assert summary["as_of_date"] == day.name
    assert len(summary["dates_touched"]) < 6
    assert summary["files_landed"] == 3
    assert summary["tests_failed"] == []
    assert summary["tests_passed"] > 80
    assert summary["rows_of_marts"]["fct_orders"] == len(after["fct_orders"])
    assert summary["failed_step"] is None
    assert [step["name"] for step in summary["steps"]][-3:] == ["build", "publish", "snapshot"]
    assert "model.franchise_sales.fct_orders" in results_of_the_build(published)
    assert f"net revenue of {day.name}" in done.stdout
    kpis = published.run("sales-loader", "kpi-summary").stdout
    assert re.search(rf"as of +│ +{day.name} ", kpis)
    assert "amounts in USD" in kpis
    [unused] = [one for one in summary["warnings"] if "seeds/locations.csv without an order line" in one]
    assert unused in done.stderr


def test_what_only_code_can_break_is_left_to_full_builds(published: Workshop) -> None:
    """The key of a table that keeps rows is tested in each run, or its sums are held against the facts."""
    listing = ("ls", "--quiet", "--resource-type", "test", "--output", "name")
    every, daily_ones = (
        set(published.run("dbt", *listing, *exclude).stdout.split())
        for exclude in ((), ("--exclude", FULL_BUILD_ONLY))
    )
    nodes = json.loads((published.project / "target" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    assert len(every) <= 130
    assert len(daily_ones) <= 100
    kept = {name for name, node in nodes.items() if node["config"]["materialized"] == "incremental"}
    keys = ("same_grain_as", "unique", "unique_combination_of_columns")
    for node in nodes.values():
        if node["name"] in daily_ones and node.get("test_metadata", {}).get("name") in keys:
            kept.discard(node["attached_node"])
    assert {name.split(".")[-1] for name in kept} == {
        "int_changed_orders",
        "int_customer_days",
        "int_customer_totals",
        "int_discount_days",
        "int_joining_windows",
    }


def test_the_queries_for_whoever_looks_after_a_run_are_right(published: Workshop) -> None:
    text = (PROJECT / "docs" / "incremental.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sql\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    with duckdb.connect(str(published.warehouse), read_only=True) as connection:
        [(order,)] = connection.execute("select min(order_id) from marts.fct_orders").fetchall()
        queries = block.replace("'ORDER'", f"'{order}'").split(";")[:-1]
        status, loads, changed, dates, versions, gone = [
            connection.execute(query).fetchall() for query in queries
        ]
    assert (status[0][:2], gone) == ((True, False), [])
    assert (len(loads) > 0, changed[0][0] > 0, len(dates) > 0) == (True, True, True)
    assert {version[2][-4:] for version in versions} == {".csv"}


def test_published_marts_are_those_of_a_full_refresh(published: Workshop) -> None:
    published.build({"schema_suffix": "anew"})
    assert marts(published.warehouse) == marts(published.warehouse, "marts_anew")


def test_a_place_that_cannot_be_exported_to_is_refused_before_anything_runs(
    published: Workshop, folder: Path
) -> None:
    refused = published.run("sales-loader", "daily", str(folder / "days"), "--export-to", "s3://bucket/x")
    assert (refused.returncode, "is exported to a folder" in refused.stderr) == (2, True)
