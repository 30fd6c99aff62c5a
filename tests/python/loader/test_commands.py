"""What the commands show, their exit codes, and what they say when the warehouse cannot be used."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import click
import duckdb
import pytest

from sales_loader.contract import TABLES
from sales_loader.errors import RefusedFileError
from sales_loader.reject_reasons import EXPLANATIONS
from sales_loader.warehouses.duckdb.database import NO_EXTENSIONS, meanwhile, open_database, run_query
from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse
from sales_loader.warehouses.interface import Warehouse
from sales_pipeline import cli
from tests.python.support.loader_bench import Bench, days, items, options

ENDLESS = "select max(sha256(range::varchar)) from range(1000000000)"
PROGRAM = [sys.executable, "-c", "from sales_pipeline.cli import main; main()"]


LISTED = sorted(name for name, command in cli.main.commands.items() if not command.hidden)


@pytest.mark.parametrize("name", ["", *LISTED])
def test_every_command_has_help_with_an_example(bench: Bench, name: str) -> None:
    result = bench.run(*filter(None, [name]), "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"sales-loader {name}".strip() in result.output


@pytest.mark.parametrize(
    ("old", "new"), [("headline", "kpi-summary"), ("morning exports --publish-to x", "run-scheduled")]
)
def test_a_command_under_its_old_name_says_the_new_one(bench: Bench, old: str, new: str) -> None:
    result = bench.run(*old.split(), "--project-dir", str(bench.folder))
    assert f"sales-loader {old.split()[0]} is now called sales-loader {new}." in result.output
    assert old.split()[0] not in LISTED


@pytest.mark.parametrize("name", sorted(cli.main.commands))
def test_every_option_is_explained(name: str) -> None:
    command = cli.main.commands[name]
    assert command.help
    options_of = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options_of if not option.help] == []


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_told(bench: Bench, option: str) -> None:
    assert f"version {version('franchise-sales-metrics')}" in bench.run(option).output


def test_exit_codes(bench: Bench) -> None:
    bench.write("good.csv", items({}))
    assert bench.load().exit_code == 0
    bench.write("rejected.csv", items({"ITEM_PRICE": "x"}))
    assert bench.load().exit_code == 3
    bench.write("refused.csv", b"")
    bench.write("rejected2.csv", items({"ITEM_PRICE": "x"}))
    assert bench.load().exit_code == 1
    assert bench.run("load").exit_code == 2
    assert bench.run("load", "a", "--target", "redshift").exit_code == 2


def test_a_load_shows_a_table_then_messages_then_what_to_do(bench: Bench) -> None:
    bench.write("a.csv", items({}, *[{"ITEM_PRICE": "x"}] * 1200, {"ORDER_ID": ""}))
    bench.write("b.csv", b"")
    result = bench.load()
    assert [line.split() for line in result.stdout.splitlines()[3:7]] == [
        ["a.csv", "order_items", "1", "1,201", "2025-06-01", "landed"],
        ["bad_item_price", "1,200"],
        ["missing_order_id", "1"],
        ["b.csv", "refused"],
    ]
    assert "sales-loader rejects" in result.stdout
    assert result.stderr.startswith("b.csv: refused: the file is empty")
    assert "\x1b" not in result.output


def test_numbers_and_dates_are_whole_on_a_terminal_of_80_columns(bench: Bench) -> None:
    bench.write(
        "2025-06-30/order_item_options.csv", options(*[{"LINEITEM_ID": f"l{n}"} for n in range(1200)])
    )
    bench.write("2025-06-30/order_items.csv", items({}, {"CREATION_TIME_UTC": "2025-06-03T16:00:00Z"}))
    terminal, other_end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    command = [*PROGRAM, "load", "--database", str(bench.database), str(bench.source)]
    subprocess.run(command, stdout=other_end, stderr=subprocess.DEVNULL, env=environment, check=True)
    shown = os.read(terminal, 10_000).decode().replace("\x1b", "").splitlines()
    assert [line for line in shown if "[" not in line and len(line) > 80] == []
    for word in ("1,200", "2025-06-01", "2025-06-03", "landed"):
        assert any(word in line.split() for line in shown), word


def test_json_lines_tell_the_same(bench: Bench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    bench.write("b.csv", b"")
    bench.write("c.txt", b"")
    events = {event["event"]: event for event in bench.events()}
    landed = events["file_landed"]
    assert landed["level"] == "warning"
    assert landed | {"level": "", "message": ""} == {
        "level": "", "event": "file_landed", "message": "", "file": "a.csv", "table": "order_items",
        "load_id": 1, "batch_id": 1, "rows_read": 2, "rows_landed": 1, "rows_rejected": 1,
        "reasons": {"bad_item_price": 1},
        "business_dates": ["2025-06-01", "2025-06-01"],
    }  # fmt: skip
    assert events["file_refused"]["level"] == "error"
    assert events["file_refused"]["file"] == "b.csv"
    assert events["file_skipped"]["file"] == "c.txt"
    assert events["finished"] | {"landed": 1, "refused": 1, "skipped": 0, "failed": 0} == events["finished"]
    assert [event["event"] for event in bench.events()].count("file_unchanged") == 1


def test_a_failed_command_tells_so_as_json_too(bench: Bench) -> None:
    bench.source.mkdir()
    [event] = bench.events()
    assert event["level"] == "error"
    assert "nothing to load" in event["message"]


def test_a_bar_is_shown_on_a_terminal_only(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    terminal, other_end = pty.openpty()
    command = [*PROGRAM, "load", str(bench.source), "--database", str(bench.database)]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=other_end, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(other_end)
        shown = b""
        while True:
            try:
                shown += os.read(terminal, 1 << 16)
            except OSError:  # the other end is closed
                break
    os.close(terminal)
    assert process.returncode == 0
    assert "━" in shown.decode().partition("─")[0]
    assert b"\x1b[" in shown


def test_status_lists_loads_latest_first_with_totals(bench: Bench) -> None:
    bench.write("a.csv", items({}, {"ITEM_PRICE": "x"}))
    bench.write("b.csv", days({}, {"date_key": "30-06-2025"}))
    bench.load()
    result = bench.run("status")
    assert result.exit_code == 0
    lines = [
        [cell.strip() for cell in line.split("│")[1:-1]] for line in result.output.splitlines() if "│" in line
    ]
    assert [line[:1] + line[2:] for line in lines] == [
        ["2", "b.csv", "date_dim", "2", "2", "0", "2025-06-01 to 2025-06-30"],
        ["1", "a.csv", "order_items", "2", "1", "1", "2025-06-01"],
        ["", "2 files", "", "4", "3", "1", ""],
    ]


@pytest.mark.parametrize("command", ["status", "rejects"])
def test_a_missing_warehouse_is_said_so_and_not_made(bench: Bench, command: str) -> None:
    result = bench.run(command)
    assert result.exit_code == 1
    assert f"There is no warehouse at {bench.database}" in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize(
    ("command", "said"), [("status", "Nothing was loaded"), ("rejects", "No rejected rows.")]
)
def test_a_warehouse_without_loads_is_no_error(bench: Bench, command: str, said: str) -> None:
    duckdb.connect(str(bench.database)).close()
    result = bench.run(command)
    assert result.exit_code == 0
    assert said in result.output


def test_rejects_are_listed_counted_filtered_and_exported(bench: Bench) -> None:
    bench.write("a.csv", items(*[{"ITEM_PRICE": "x"}] * 2, {"ORDER_ID": ""}))
    bench.write("b.csv", options({"OPTION_PRICE": "x"}))
    bench.load()
    everything = bench.run("rejects", "--limit", "3").output
    assert "3 of 4 rows shown" in everything
    assert "bad_item_price" in everything
    out = bench.folder / "it's out.csv"
    filtered = bench.run("rejects", "--file", "a.csv", "--reason", "bad_item_price", "--export", str(out))
    assert filtered.exit_code == 0
    assert f"2 rows written to {out}." in filtered.output
    assert "missing_order_id" not in filtered.output
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["_source_file"], row["_source_row_number"], row["reason"]) for row in rows] == [
        ("a.csv", "1", "bad_item_price"),
        ("a.csv", "2", "bad_item_price"),
    ]
    assert set(rows[0]) == {
        "table_name", "reason", "raw_line", "_source_file", "_source_row_number", "_load_id",
        "_batch_id", "_loaded_at", "explanation",
    }  # fmt: skip
    assert {row["explanation"] for row in rows} == {EXPLANATIONS["bad_item_price"]}
    assert EXPLANATIONS["bad_item_price"] in " ".join(filtered.output.replace("│", " ").split())
    assert "No rejected rows." in bench.run("rejects", "--reason", "too_long").output


def test_each_reason_is_explained() -> None:
    assert {reason for table in TABLES for reason in table.reasons} <= set(EXPLANATIONS)


def test_an_export_that_cannot_be_written_says_so(bench: Bench) -> None:
    bench.write("a.csv", items({"ITEM_PRICE": "x"}))
    bench.load()
    result = bench.run("rejects", "--export", str(bench.folder / "no" / "folder.csv"))
    assert result.exit_code == 1
    assert "folder.csv cannot be written" in result.output


def test_a_locked_warehouse_names_who_holds_it(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    with duckdb.connect(str(bench.database)):
        for command in (["load", str(bench.source)], ["status"]):
            full = [*PROGRAM, *command, "--database", str(bench.database)]
            result = subprocess.run(full, capture_output=True, text=True, check=False)
            assert result.returncode == 1
            assert f"{bench.database} is in use by process {os.getpid()} (" in result.stderr


@pytest.mark.parametrize("damage", ["cut", "header", "rows"])
@pytest.mark.parametrize("folder", ["", "lock corrupt memory"])
def test_a_broken_warehouse_is_called_broken(bench: Bench, damage: str, folder: str) -> None:
    path = bench.folder / folder / "w.duckdb"
    path.parent.mkdir(exist_ok=True)
    bench.write("a.csv", items(*({"ORDER_ID": f"o{number}"} for number in range(2000))))
    assert bench.load("--database", str(path)).exit_code == 0
    whole = path.read_bytes()
    blocks = {"cut": whole[:20_000], "header": whole[:4200] + bytes(8000) + whole[12_200:]}
    path.write_bytes(blocks.get(damage) or whole[:12_388] + b"\xff" * (len(whole) - 12_388))
    for command in (["load", str(bench.source)], ["status"]):
        result = bench.run(*command, "--database", str(path))
        assert result.exit_code == 1
        assert " is broken: " in result.stderr
        assert "Put a copy of it that is whole in its place" in result.stderr


def test_a_path_that_holds_the_word_of_another_fault_is_no_such_fault(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    result = bench.load("--database", str(bench.folder / "lock corrupt memory" / "w.duckdb"))
    assert result.exit_code == 1
    assert "cannot be opened: " in result.stderr
    assert "Check that the folder exists and may be written to." in result.stderr


def test_no_extension_is_fetched(bench: Bench) -> None:
    for connection in (
        open_database(bench.database, "1GB", read_only=False),
        duckdb.connect(config=NO_EXTENSIONS),
    ):
        for setting in NO_EXTENSIONS:
            query = f"select current_setting('{setting}')"
            assert connection.execute(query).fetchone() == (False,)
        connection.execute("select timezone('America/New_York', timestamptz '2025-01-01 00:00:00+00')")
        connection.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, items({})], ids=["junk", "a CSV file"])
@pytest.mark.parametrize("name", ["warehouse.duckdb", "warehouse.csv"])
def test_a_file_that_is_no_warehouse_is_left_alone(bench: Bench, content: bytes, name: str) -> None:
    bench.write("a.csv", items({}))
    other = bench.folder / name
    other.write_bytes(content)
    result = bench.load("--database", str(other))
    assert result.exit_code == 1
    assert f"{other} is not a DuckDB file" in result.output
    assert other.read_bytes() == content


def test_a_folder_that_cannot_be_written_to_is_named(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    database = bench.folder / "no such folder" / "warehouse.duckdb"
    result = bench.load("--database", str(database))
    assert result.exit_code == 1
    assert f"{database} cannot be opened" in result.output
    assert "Check that the folder exists and may be written to." in result.output


def test_a_refused_permission_is_named(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("a.csv", items({}))

    def refuse(path: str = ":memory:", **_: object) -> object:
        if path == ":memory:":
            return real()
        raise duckdb.IOException(f'IO Error: Cannot open file "{path}": Permission denied')

    real = duckdb.connect
    monkeypatch.setattr("duckdb.connect", refuse)
    result = bench.load()
    assert result.exit_code == 1
    assert f'Cannot open file "{bench.database}": Permission denied. Check' in result.output


def test_a_memory_limit_that_makes_no_sense_is_said_so(bench: Bench) -> None:
    bench.write("a.csv", items({}))
    result = bench.load("--memory-limit", "much")
    assert result.exit_code == 1
    assert "write it like 1GB or 800MB" in result.output


@pytest.mark.parametrize(
    ("error", "text", "message"),
    [
        (
            duckdb.OutOfMemoryException,
            "failed to allocate",
            "DuckDB ran out of memory. Give it more with --memory-limit",
        ),
        (duckdb.IOException, "Could not write: No space left on device", "the disk is full. Make room"),
        (duckdb.IOException, "Could not write\nmore", "the warehouse could not be written: Could not write"),
    ],
)
def test_errors_while_writing_say_what_to_do_and_leave_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: type[Exception], text: str, message: str
) -> None:
    bench.write("a.csv", items({}))

    def fail(*_: object) -> None:
        raise error(text)

    monkeypatch.setattr(DuckDbWarehouse, "_enter_in_ledger", fail)
    result = bench.load()
    assert result.exit_code == 1
    assert f"a.csv: failed: {message}" in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, RuntimeError], ids=["Python", "DuckDB"])
def test_ctrl_c_leaves_nothing_behind(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, interrupt: type[BaseException]
) -> None:
    bench.write("a.csv", items({}))

    def stop(*_: object) -> None:
        raise interrupt("Query interrupted")

    monkeypatch.setattr(DuckDbWarehouse, "_enter_in_ledger", stop)
    result = bench.load()
    assert result.exit_code == 130
    assert "Interrupted" in result.output
    assert not bench.database.exists()


@pytest.mark.parametrize(
    "slow_step",
    [
        "DuckDbWarehouse._enter_in_ledger = lambda self, *_: wait(self._connection)",
        "csv_reader.last_rows = lambda other, *_: wait(other)",
    ],
    ids=["ledger", "rows"],
)
@pytest.mark.parametrize("seconds", [0, 0.01, 0.1])
def test_a_real_ctrl_c_ends_a_running_query(bench: Bench, slow_step: str, seconds: float) -> None:
    bench.write("a.csv", items({}))
    slow = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from sales_loader.csv_files import csv_reader\n"
        "from sales_pipeline import cli\n"
        "from sales_loader.warehouses.duckdb.database import run_query\n"
        "from sales_loader.warehouses.duckdb.warehouse import DuckDbWarehouse\n"
        "def wait(connection):\n"
        "    print('ready', flush=True)\n"
        f"    run_query(connection, {ENDLESS!r})\n"
        f"{slow_step}\n"
        "cli.main()"
    )
    command = [sys.executable, "-c", slow, "load", str(bench.source), "--database", str(bench.database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert errors.startswith("Interrupted")
    assert "Traceback" not in errors
    assert not bench.database.exists()


def test_what_is_asked_meanwhile_ends_with_what_has_failed() -> None:
    with duckdb.connect() as connection:
        with (
            pytest.raises(RefusedFileError),
            meanwhile(connection, lambda other: run_query(other, ENDLESS)) as answer,
        ):
            raise RefusedFileError("the text is not UTF-8")
        assert isinstance(answer.exception(), duckdb.InterruptException)


def test_the_duckdb_warehouse_is_a_warehouse(tmp_path: Path) -> None:
    warehouse: Warehouse = DuckDbWarehouse(tmp_path / "w.duckdb", duckdb.connect)
    assert warehouse.loads() == []
    warehouse.close()


def test_the_json_of_every_line_is_flat_enough_to_parse(bench: Bench) -> None:
    bench.write('é "odd".csv', items({"ITEM_NAME": "ünïcode"}))
    lines = bench.load("--log-format", "json").stdout.splitlines()
    assert [json.loads(line)["level"] for line in lines] == ["info", "info"]
