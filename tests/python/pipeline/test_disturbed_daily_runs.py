"""A daily run that something comes in the way of publishes all marts or none, and says why.

The project has few marts here: every step is the same with them.
"""

import fcntl
import json
from pathlib import Path

import duckdb
import pytest

from tests.python.loader.test_waiting import held
from tests.python.support.daily_runs import (
    FUTURE,
    company,
    daily,
    loaded_meanwhile,
    marts,
    next_day,
    results_of_the_build,
)
from tests.python.support.project_copy import FEW_MARTS, Workshop


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("daily")


@pytest.fixture(scope="module")
def published(folder: Path) -> Workshop:
    """A company whose first daily run is over."""
    workshop = company(folder, few=FEW_MARTS)
    done = daily(workshop)
    assert done.returncode == 0, done.stdout + done.stderr
    return workshop


def test_a_failed_test_leaves_the_marts_and_the_next_run_takes_it_up(
    published: Workshop, folder: Path
) -> None:
    before = marts(published.warehouse)
    (folder / "days" / "future.csv").write_text(FUTURE, encoding="utf-8")
    next_day(folder)
    failed = daily(published)
    assert failed.returncode == 1
    assert "no_order_is_later_than_the_day_after_its_load" in failed.stderr
    assert "order_id o1, business_date 2099-01-01, " in failed.stderr
    assert "\n    select * from final\n" in failed.stderr
    assert "file_name future.csv, source_row_number 1" in failed.stderr
    assert "NOT published" in failed.stdout
    assert marts(published.warehouse) == before
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    (failure,) = summary["failures"]
    assert (failure["rows"], failure["checks"][:8]) == (1, "A busine")
    assert failure["message"].startswith("Got 1 result, configured to fail if != 0")
    with duckdb.connect(str(published.warehouse), read_only=True) as connection:
        assert [row[0] for row in connection.execute(failure["sql"]).fetchall()] == ["o1"]
    why = f"test {failure['name']} found 1 row: {failure['checks']}"
    assert summary["why_not_published"] == summary["problems"] == [why]
    assert summary["failed_step"] == "build"
    assert [step["name"] for step in summary["steps"]] == ["load", "check", "parse", "freshness", "build"]
    assert results_of_the_build(published)[f"test.franchise_sales.{failure['name']}"] == "fail"
    assert "future.csv" in summary["landed_not_published"]
    (folder / "days" / "future.csv").unlink()
    assert published.run("sales-loader", "withdraw", "future.csv").returncode == 0
    done = daily(published)
    assert done.returncode == 0, done.stdout + done.stderr
    assert marts(published.warehouse) == marts(published.warehouse, "marts_next")
    assert len(marts(published.warehouse)["fct_orders"]) > len(before["fct_orders"])


def test_too_many_rejected_rows_stop_before_the_marts_also_the_next_time(
    published: Workshop, folder: Path
) -> None:
    before = marts(published.warehouse)
    bad = folder / "days" / "bad.csv"
    bad.write_text(FUTURE.replace(",1,1\n", ",dear,1\n"), encoding="utf-8")
    for _ in range(2):
        done = daily(published)
        assert done.returncode == 1
        assert "1 of 1 new rows were rejected, more than a share of 0.01: bad.csv (1)" in done.stderr
    assert marts(published.warehouse) == before
    bad.unlink()
    published.run("sales-loader", "withdraw", "bad.csv")
    assert daily(published).returncode == 0


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_lands_around_the_build_is_judged_before_it_is_published(
    published: Workshop, tmp_path: Path, moment: str
) -> None:
    before = marts(published.warehouse)
    good, rejected = FUTURE.replace("2099", "2025"), FUTURE.splitlines()[1].replace(",1,1", ",dear,1")
    late = tmp_path / f"{moment}.csv"  # a withdrawn file would not land again
    late.write_text(good + rejected + "\n", encoding="utf-8")
    during = loaded_meanwhile(published, moment, late)
    refused = f"1 of 2 new rows were rejected, more than a share of 0.01: {moment}.csv (1)"
    is_built = moment == "before"
    assert (refused in during.stderr) == is_built, during.stdout + during.stderr
    assert during.returncode == int(is_built)
    assert marts(published.warehouse) == before
    assert refused in daily(published).stderr
    assert marts(published.warehouse) == before
    published.run("sales-loader", "withdraw", f"{moment}.csv")
    assert daily(published).returncode == 0


def test_a_plain_build_in_between_makes_the_next_daily_run_copy_all(
    published: Workshop, folder: Path
) -> None:
    extra = folder / "extra.csv"
    extra.write_text(FUTURE.replace("2099", "2025"), encoding="utf-8")
    published.load(extra)
    refused = published.run("dbt", "run")
    assert refused.returncode != 0
    assert "a daily run has published since" in refused.stdout
    published.build({}, "--full-refresh")
    published.run("sales-loader", "withdraw", "extra.csv")
    assert daily(published).returncode == 0
    assert marts(published.warehouse) == marts(published.warehouse, "marts_next")


def test_a_file_of_another_kind_is_refused_by_name_and_the_rest_is_published(
    published: Workshop, folder: Path
) -> None:
    stray = folder / "days" / "contacts.csv"
    stray.write_text("name,phone\nAnn,1\n", encoding="utf-8")
    next_day(folder)
    loaded = published.run("sales-loader", "load", str(folder / "days"))
    done = daily(published)
    stray.unlink()
    for one in (loaded, done):
        assert one.returncode == 1
        assert "contacts.csv: refused: the first line is no header of a sales file" in one.stderr
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    assert summary["files_not_landed"] == ["contacts.csv"]
    assert summary["is_published"] is True
    assert marts(published.warehouse) == marts(published.warehouse, "marts_next")


def test_a_second_run_at_once_leaves_with_a_message(published: Workshop) -> None:
    lock = published.warehouse.with_name(f"{published.warehouse.name}.daily.lock")
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = daily(published)
    assert done.returncode == 1
    assert "Another daily run is at work" in done.stderr


def test_a_build_waits_for_a_reader_and_says_who_it_is(published: Workshop) -> None:
    with held(published.warehouse) as holder:
        failed = published.try_build(None, "--wait", "0.01")
    assert failed.returncode == 1
    assert f"{published.warehouse.name} is in use by process {holder.pid}" in failed.stderr
    assert "Waiting for it, 0.01 minutes at most." in failed.stderr


def test_variables_that_the_command_decides_on_are_refused(published: Workshop) -> None:
    done = daily(published, "--vars", "{schema_suffix: mine}")
    assert done.returncode == 2
    assert "schema_suffix" in done.stderr


def test_another_definition_leaves_the_marts_and_asks_for_a_full_refresh(published: Workshop) -> None:
    before = marts(published.warehouse)
    done = daily(published, "--vars", "{business_day_start_hour: 4}")
    assert done.returncode == 1
    assert "business_day_start_hour (was 0, is 4). Run once with --full-refresh" in done.stderr
    assert "NOT published" in done.stdout
    assert marts(published.warehouse) == before


def test_a_publication_that_fails_leaves_the_marts_and_says_why(published: Workshop) -> None:
    before = marts(published.warehouse)
    publish = published.project / "macros" / "incremental" / "publish.sql"
    text = publish.read_text(encoding="utf-8")
    publish.write_text(
        text.replace("delete from {{ target_relation }}", "delete from nowhere"), encoding="utf-8"
    )
    done = daily(published)
    publish.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    assert (summary["failed_step"], summary["steps"][-1]["name"]) == ("publish", "publish")
    assert not {"error", "fail", "skipped"} & set(results_of_the_build(published).values())
    assert marts(published.warehouse) == before
    assert daily(published).returncode == 0


def test_the_docs_page_is_written_when_it_would_read_otherwise_and_though_the_export_fails(
    published: Workshop, folder: Path
) -> None:
    page = published.project / "target" / "static_index.html"

    def written() -> int:
        options = ("--no-report", "--no-export")
        done = published.run("sales-loader", "daily", str(folder / "days"), *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return page.stat().st_mtime_ns

    first = written()
    assert b"marts_next" not in page.read_bytes()
    assert written() == first
    description = published.project / "models" / "marts" / "core" / "dim_dates.yml"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace("description: ", "description: Another one. ", 1), encoding="utf-8")
    second = written()
    description.write_text(text, encoding="utf-8")
    assert second > first
    page.write_text("another page", encoding="utf-8")
    no_folder = published.project / "target" / "no_folder"
    no_folder.touch()
    options = ("--no-report", "--export-to", str(no_folder))
    failed = published.run("sales-loader", "daily", str(folder / "days"), *options)
    assert (failed.returncode, "cannot be written" in failed.stderr) == (1, True)
    assert b"fct_orders" in page.read_bytes()
    summary = json.loads((published.project / "target" / "daily.json").read_text(encoding="utf-8"))
    assert (summary["is_published"], summary["why_not_published"]) == (True, [])
    assert summary["failed_step"] == "export"
    assert "cannot be written" in summary["problems"][0]
    assert summary["written"].keys() == {"docs"}


def test_a_row_that_landed_twice_stops_the_daily_run_it_came_in(published: Workshop, folder: Path) -> None:
    before = marts(published.warehouse)
    day = next_day(folder)
    assert published.load(folder / "days") == 0
    with duckdb.connect(str(published.warehouse)) as connection:
        connection.execute(
            "insert into raw.order_items from raw.order_items where _source_file = ? limit 1",
            [f"{day.name}/order_items.csv"],
        )
    failed = daily(published)
    assert failed.returncode == 1
    assert "failed: stg_sales__order_items_key" in failed.stderr
    assert marts(published.warehouse) == before
    assert published.run("sales-loader", "withdraw", f"{day.name}/order_items.csv").returncode == 0
    without = daily(published)
    assert (without.returncode, "skipped, as it was withdrawn on" in without.stdout + without.stderr) == (
        0,
        True,
    )
    assert len(marts(published.warehouse)["fct_orders"]) == len(before["fct_orders"])
    assert published.run("sales-loader", "load", "--again", str(day / "order_items.csv")).returncode == 0
    assert daily(published).returncode == 0
    assert len(marts(published.warehouse)["fct_orders"]) > len(before["fct_orders"])
