"""A load that is killed at any moment, and run again, ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sales_loader.csv_files import csv_reader
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from tests.python.support.loader_bench import KEY, Bench, items, options

# The command kills itself, hard, when it comes to a given step for the second file.
KILLED = """
import os, signal, sys
from sales_pipeline import cli
from sales_loader.csv_files import csv_reader
from sales_loader.warehouses.duckdb import warehouse as duckdb_warehouse

owner = {"DuckDbWarehouse": duckdb_warehouse.DuckDbWarehouse, "csv_reader": csv_reader}[sys.argv[1]]
step, after, turn = sys.argv[2], sys.argv[3] == "after", int(sys.argv[4])
original, calls = getattr(owner, step), []

def killing(*arguments, **options):
    calls.append(step)
    if len(calls) == turn and not after:
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*arguments, **options)
    if len(calls) == turn:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, step, killing)
sys.argv[1:] = sys.argv[5:]
cli.main()
"""
STATE = {
    "order_items": "select * exclude (_batch_id, _loaded_at) from raw.order_items order by all",
    "order_item_options": "select * exclude (_batch_id, _loaded_at) from raw.order_item_options order by all",
    "rejected_rows": "select * exclude (_batch_id, _loaded_at) from raw.rejected_rows order by all",
    "load_files": "select * exclude (batch_id, loaded_at) from raw.load_files order by all",
}


def fill(bench: Bench) -> None:
    rows = (
        {"LINEITEM_ID": f"l{number}", "ITEM_PRICE": "x" if number % 100 == 0 else "1"}
        for number in range(3000)
    )
    bench.write("1.csv", items(*rows))
    bench.write("2.csv", items({"ORDER_ID": "o2"}, {"ORDER_ID": ""}))
    bench.write("3.csv", options({}, {"OPTION_PRICE": "x"}))


def state(bench: Bench) -> dict[str, list[tuple[Any, ...]]]:
    return {name: bench.rows(query) for name, query in STATE.items()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    bench = Bench(tmp_path_factory.mktemp("clean"))
    fill(bench)
    assert bench.load().exit_code == 3
    return state(bench)


@pytest.mark.parametrize(
    ("owner", "step", "moment", "turn"),
    [
        (DuckDbWarehouse, "_create_tables", "after", 1),
        (DuckDbWarehouse, "_insert", "after", 1),
        (csv_reader, "last_rows", "before", 2),
        (DuckDbWarehouse, "_insert", "after", 4),
        (DuckDbWarehouse, "_enter_in_ledger", "after", 2),
        (DuckDbWarehouse, "_in_transaction", "after", 2),
        (DuckDbWarehouse, "close", "before", 1),
    ],
)
def test_a_killed_load_run_again_ends_like_one_clean_run(
    bench: Bench, clean: dict[str, list[tuple[Any, ...]]], owner: Any, step: str, moment: str, turn: int
) -> None:
    assert hasattr(owner, step)
    fill(bench)
    name = owner.__name__.rpartition(".")[2]
    arguments = [
        "load",
        str(bench.source),
        "--database",
        str(bench.database),
        "--project-dir",
        str(bench.folder),
    ]
    command = [sys.executable, "-c", KILLED, name, step, moment, str(turn), *arguments]
    environment = {**os.environ, "CARD_HASH_KEY": KEY}
    killed = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert bench.load().exit_code in (0, 3)
    assert state(bench) == clean
    assert bench.load().exit_code == 0


def test_a_killed_replacement_keeps_the_old_rows(bench: Bench) -> None:
    path: Path = bench.write("1.csv", items({}, {"LINEITEM_ID": "l2"}))
    bench.load()
    path.write_bytes(items({"ITEM_PRICE": "1"}))
    command = [
        sys.executable, "-c", KILLED, "DuckDbWarehouse", "_enter_in_ledger", "after", "1",
        "load", str(bench.source), "--database", str(bench.database), "--project-dir", str(bench.folder),
    ]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
    assert bench.rows("select count(*), max(_load_id) from raw.order_items") == [(2, 1)]
    assert bench.load().exit_code == 0
    assert bench.rows("select count(*), max(_load_id) from raw.order_items") == [(1, 2)]
