"""Whatever breaks, a second run ends in the state of a clean load, and the first one says what broke."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sales_loader.warehouses.redshift.parts import Parts, write_parts
from sales_loader.warehouses.redshift.schema import table_columns
from tests.python.loader.test_kills import STATE
from tests.python.support.loader_bench import KEY, Bench, items, options
from tests.python.support.redshift_bench import RedshiftBench
from tests.redshift_stand_in.stand_in import StandIn

State = dict[str, list[tuple[Any, ...]]]
KILLS = int(os.environ.get("KILLS", "6"))
PASSING = 1


def fill(bench: Bench) -> None:
    """Three files; the second one holds a rejected row."""
    bench.write("1.csv", items(*({"LINEITEM_ID": f"l{number}"} for number in range(60))))
    bench.write("2.csv", items({"ORDER_ID": "o2"}, {"ORDER_ID": ""}))
    bench.write("3.csv", options({}, {"OPTION_PRICE": "-1"}))


def state(bench: Bench) -> State:
    return {name: bench.rows(query) for name, query in STATE.items()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What a clean load leaves: of a DuckDB warehouse, as the stand-in must leave the same."""
    bench = Bench(tmp_path_factory.mktemp("clean"))
    fill(bench)
    assert bench.load().exit_code == 3
    return state(bench)


@pytest.fixture
def bench(redshift_bench: RedshiftBench, monkeypatch: pytest.MonkeyPatch) -> RedshiftBench:
    monkeypatch.setattr("sales_loader.warehouses.redshift.warehouse._FIRST_PAUSE_SECONDS", 0.001)
    fill(redshift_bench)
    return redshift_bench


def test_a_clean_load_leaves_what_it_leaves_on_duckdb(bench: RedshiftBench, clean: State) -> None:
    assert bench.load().exit_code == 3
    assert state(bench) == clean
    assert bench.staged_objects() == []


PASSING_FAULTS: dict[str, Callable[[StandIn], Any]] = {
    "S3 answers 500 to an upload": lambda it: it.s3.faults.answer(500, PASSING, "PUT", ".csv.gz"),
    "S3 answers 503 to an upload": lambda it: it.s3.faults.answer(503, PASSING, "PUT", code="SlowDown"),
    "S3 answers 503 to COPY": lambda it: it.s3.faults.answer(503, PASSING, "GET", ".manifest", "SlowDown"),
    "1023 at COMMIT": lambda it: it.faults.serialization_failure(PASSING),
    "1023 three times": lambda it: it.faults.serialization_failure(3),
    "a conflict with another transaction": lambda it: it.faults.concurrent_transaction(PASSING),
}


@pytest.mark.parametrize("arm", PASSING_FAULTS.values(), ids=PASSING_FAULTS.keys())
def test_passing_trouble_is_overcome(
    bench: RedshiftBench, stand_in: StandIn, clean: State, arm: Callable[[StandIn], Any]
) -> None:
    fault = arm(stand_in)
    result = bench.load()
    assert result.exit_code == 3, result.output
    assert fault.met >= 1
    assert state(bench) == clean
    assert bench.staged_objects() == []


LASTING_FAULTS: dict[str, tuple[Callable[[StandIn], Any], str]] = {
    "S3 answers 500": (
        lambda it: it.s3.faults.answer(500, None, "PUT"),
        "S3 answered InternalError. Run the same command again.",
    ),
    "S3 answers 503": (
        lambda it: it.s3.faults.answer(503, None, "PUT", code="SlowDown"),
        "S3 answered SlowDown. Run the same command again.",
    ),
    "the AWS credentials have expired": (
        lambda it: it.s3.faults.answer(400, None, code="ExpiredToken"),
        "S3 answered ExpiredToken. The AWS credentials have expired: sign in again.",
    ),
    "a part is missing": (lambda it: it.s3.faults.lose("-0001.csv.gz"), "COPY into order_items failed"),
    "a part is cut short": (lambda it: it.s3.faults.cut("-0001.csv.gz", 0.5), "COPY into order_items failed"),
    "a manifest is missing": (lambda it: it.s3.faults.lose(".manifest"), "COPY into order_items failed"),
    "the connection breaks during COPY": (
        lambda it: it.faults.drop_connection_during_copy(),
        "the connection to Redshift was lost",
    ),
    "the connection breaks before COMMIT": (
        lambda it: it.faults.drop_before_commit(),
        "the connection to Redshift was lost",
    ),
    "the connection breaks after COMMIT": (
        lambda it: it.faults.drop_after_commit(),
        "the connection to Redshift was lost",
    ),
    "1023 for ever": (lambda it: it.faults.serialization_failure(None), "It was tried 5 times"),
    "conflicts for ever": (lambda it: it.faults.concurrent_transaction(None), "It was tried 5 times"),
    "the role may not be taken": (
        lambda it: it.faults.allowed_roles.clear(),
        "not authorized to assume IAM Role",
    ),
    "the password has expired": (lambda it: it.faults.expired_password(None), "was not let in"),
}


@pytest.mark.parametrize(("arm", "message"), LASTING_FAULTS.values(), ids=LASTING_FAULTS.keys())
def test_after_lasting_trouble_a_second_run_ends_like_a_clean_one(
    bench: RedshiftBench, stand_in: StandIn, clean: State, arm: Callable[[StandIn], Any], message: str
) -> None:
    arm(stand_in)
    result = bench.load()
    assert result.exit_code == 1, result.output
    assert message in " ".join(result.output.split())
    assert stand_in.environment()["REDSHIFT_PASSWORD"] not in result.output
    stand_in.faults.clear()
    stand_in.s3.faults.clear()
    assert bench.load().exit_code in (0, 3)
    # A file that failed alone got its turn after the others, under another number; the rows are the same.
    assert unnumbered(state(bench)) == unnumbered(clean)
    assert bench.load().exit_code == 0


def unnumbered(rows: State) -> State:
    """A state without load ids, by file."""
    ids = {row[0]: row[1] for row in rows["load_files"]}
    return {
        name: sorted(
            (
                tuple(ids.get(cell, cell) if is_id else cell for cell, is_id in mark(name, row))
                for row in table
            ),
            key=repr,
        )
        for name, table in rows.items()
    }


def mark(table: str, row: tuple[Any, ...]) -> list[tuple[Any, bool]]:
    """The cells of a row, each with whether it is the load id."""
    place = 0 if table == "load_files" else len(row) - 1
    return [(cell, index == place) for index, cell in enumerate(row)]


def test_what_copy_refuses_is_told_with_file_row_column_and_value(
    bench: RedshiftBench, clean: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A column that is narrower than the contract says.
    columns = {"item_name": "varchar(3)"}
    monkeypatch.setattr(
        "sales_loader.warehouses.redshift.warehouse.table_columns",
        lambda table: table_columns(table) | columns,
    )
    bench.write("2.csv", items({"ORDER_ID": "", "ITEM_NAME": "A"}, {"ORDER_ID": "o2", "ITEM_NAME": "Club"}))
    output = " ".join(bench.load().output.split())
    assert (
        "2.csv: failed: COPY into order_items failed in row 2, value 'Club' of column item_name (varchar), "
        "line 1 of order_items-0001.csv.gz: "
    ) in output
    assert bench.rows("select count(*) from raw.load_files where file_name = '2.csv'") == [(0,)]
    monkeypatch.undo()
    fill(bench)
    bench.load()
    assert unnumbered(state(bench)) == unnumbered(clean)


def test_fewer_rows_than_were_checked_are_not_committed(
    bench: RedshiftBench, clean: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_more(*arguments: Any) -> Parts:
        parts = write_parts(*arguments)
        return replace(parts, rows=parts.rows + 1)

    monkeypatch.setattr("sales_loader.warehouses.redshift.warehouse.write_parts", one_more)
    output = " ".join(bench.load().output.split())
    assert "1.csv: failed: 61 rows of order_items were staged, but COPY took 60" in output
    assert bench.rows("select count(*) from raw.order_items") == [(0,)]
    monkeypatch.undo()
    bench.load()
    assert unnumbered(state(bench)) == unnumbered(clean)


def command(bench: RedshiftBench) -> list[str]:
    program = [sys.executable, "-c", "from sales_pipeline.cli import main; main()"]
    return [*program, "load", str(bench.source), "--project-dir", str(bench.folder)]


def environment(bench: RedshiftBench) -> dict[str, str]:
    return {
        **os.environ,
        **bench.stand_in.environment(),
        "WAREHOUSE_TARGET": "redshift",
        "CARD_HASH_KEY": KEY,
    }


def test_two_loaders_at_once_land_every_row_once(bench: RedshiftBench, clean: State) -> None:
    started = [
        subprocess.Popen(
            command(bench),
            env=environment(bench),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in started]
    codes = sorted(process.returncode for process in started)
    # Whoever lands the second file tells of its rejected row.
    assert codes in ([0, 3], [3, 3]), "\n".join(said)
    assert bench.load().exit_code == 0
    assert unnumbered(state(bench)) == unnumbered(clean)


def test_a_loader_killed_at_any_moment_and_run_again_ends_like_a_clean_one(
    bench: RedshiftBench, stand_in: StandIn, clean: State, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # The killed leave their scratch behind: pytest takes it away with its own folders.
    given = environment(bench) | {"TMPDIR": str(tmp_path_factory.mktemp("scratch"))}
    started = time.monotonic()
    subprocess.run(command(bench), env=given, capture_output=True, check=False)
    whole = time.monotonic() - started
    chance = random.Random(20)
    killed = 0
    for _ in range(KILLS):
        stand_in.reset()
        started = time.monotonic()
        process = subprocess.Popen(
            command(bench), env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=whole * chance.uniform(0.3, 1))
            # It ended before its kill: the machine was busier when the whole run was timed.
            whole = min(whole, time.monotonic() - started)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert bench.load().exit_code in (0, 3)
        assert state(bench) == clean
    assert killed > KILLS / 2


def test_a_warehouse_that_cannot_be_reached_is_named(bench: RedshiftBench, tmp_path: Path) -> None:
    given = {**environment(bench), "REDSHIFT_PORT": "1"}
    done = subprocess.run(
        command(bench), env=given, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 1
    assert "Redshift at 127.0.0.1:1, database" in done.stderr
    assert "cannot be reached" in done.stderr
