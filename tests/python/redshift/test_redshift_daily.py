"""A daily run on Redshift publishes what one on DuckDB does, or leaves the marts as they are."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sales_loader.warehouses.target import REDSHIFT, WarehouseTarget
from sales_pipeline.daily.run_lock import RunInProgressError, run_lock
from tests.python.support.daily_runs import (
    FUTURE,
    Rows,
    company,
    correct,
    daily,
    loaded_meanwhile,
    marts,
    next_day,
)
from tests.python.support.project_copy import FEW_MARTS, Workshop
from tests.redshift_stand_in.stand_in import StandIn

# All marts are compared after whole builds, and in the sequences of runs.
MARTS = (*FEW_MARTS, "customer_month_end", "discount_effectiveness")
ALL_COLUMNS = (
    "from pg_attribute join pg_class on attrelid = pg_class.oid "
    "where relnamespace = 'marts'::regnamespace and relkind = 'r' and attnum > 0"
)


def published(stand_in: StandIn) -> dict[str, Rows]:
    """All rows of all marts."""
    names = stand_in.query("select tablename from pg_tables where schemaname = 'marts'")
    return {name: ordered(stand_in.query(f"select * from marts.{name}")) for (name,) in names}


def ordered(rows: Rows) -> Rows:
    return sorted(rows, key=repr)


def commented(stand_in: StandIn) -> set[str]:
    """Schemas with a table or column that something is said of."""
    schemas = stand_in.query(
        "select distinct relnamespace::regnamespace::text from pg_description join pg_class "
        "on objoid = pg_class.oid and classoid = 'pg_class'::regclass where objsubid >= 0"
    )
    return {schema for (schema,) in schemas} - {"pg_catalog", "information_schema"}


def may_read(stand_in: StandIn, table: str) -> bool:
    """Whether the role that BI tools have may read a table."""
    return stand_in.query(f"select has_table_privilege('bi', '{table}', 'select')") == [(True,)]


def daily_run(workshop: Workshop) -> None:
    done = daily(workshop)
    assert done.returncode == 0, done.stdout + done.stderr


def redshift(folder: Path) -> WarehouseTarget:
    return WarehouseTarget(REDSHIFT, folder / "unused.duckdb")


@pytest.mark.usefixtures("stand_in")
def test_a_second_daily_run_at_once_leaves_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sales_pipeline.daily.run_lock._WAIT_MILLISECONDS", 300)
    refused = pytest.raises(RunInProgressError, match="Another daily run is at work on Redshift")
    with run_lock(redshift(tmp_path)), refused, run_lock(redshift(tmp_path)):
        pytest.fail("two at once")
    with run_lock(redshift(tmp_path)):
        pass


@pytest.mark.usefixtures("stand_in")
def test_a_daily_run_that_was_killed_keeps_nobody_out(tmp_path: Path) -> None:
    held = (
        "import time; from pathlib import Path; from sales_pipeline.daily.run_lock import run_lock; "
        "from sales_loader.warehouses.target import WarehouseTarget\n"
        "with run_lock(WarehouseTarget('redshift', Path('x'))): print('at work', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", held], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.kill()
    process.wait()
    with run_lock(redshift(tmp_path)):
        pass


def test_daily_runs_publish_the_same_on_both_warehouses_and_nothing_after_a_failed_test(
    stand_in: StandIn, tmp_path: Path
) -> None:
    on_duckdb = company(tmp_path, days=10, few=MARTS)
    on_redshift = replace(on_duckdb, environment={**stand_in.environment(), "WAREHOUSE_TARGET": "redshift"})
    daily_run(on_redshift)
    first = published(stand_in)
    assert commented(stand_in) == {"marts"}
    assert stand_in.query(f"select count(*) {ALL_COLUMNS} and col_description(attrelid, attnum) is null") == [
        (0,)
    ]
    stand_in.query("comment on table marts.dim_dates is 'of an earlier version'")

    next_day(tmp_path)
    correct(min((tmp_path / "days").glob("20*")) / "order_items.csv")
    future = tmp_path / "days" / "future.csv"
    future.write_text(FUTURE, encoding="utf-8")
    failed = daily(on_redshift)
    assert failed.returncode == 1
    assert "NOT published" in failed.stdout
    assert published(stand_in) == first

    future.unlink()
    assert on_redshift.run("sales-loader", "withdraw", "future.csv").returncode == 0
    late = tmp_path / "late.csv"
    late.write_text(FUTURE.replace("2099", "2025"), encoding="utf-8")
    during = loaded_meanwhile(on_redshift, "after", late)
    assert during.returncode == 0, during.stdout + during.stderr
    ((late_load,),) = stand_in.query("select load_id from raw.load_files where file_name = 'late.csv'")
    ((seen,),) = stand_in.query("select built_load_id from intermediate_next.run_state")
    assert seen < late_load, "the next run judges and tests what landed after the build began"
    [(about_dates,)] = stand_in.query("select obj_description('marts.dim_dates'::regclass)")
    assert about_dates.startswith("One row per ")
    daily_run(on_duckdb)
    on_both = published(stand_in), {name: ordered(rows) for name, rows in marts(on_duckdb.warehouse).items()}
    assert on_both[0].keys() == on_both[1].keys() > set(MARTS)
    differing = [name for name, rows in on_both[0].items() if rows != on_both[1][name]]
    assert differing == []
    assert on_both[0]["fct_orders"] != first["fct_orders"]
