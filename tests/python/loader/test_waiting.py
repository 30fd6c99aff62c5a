"""A warehouse file that another process holds open is waited for, as long as the command was told."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sales_loader.warehouses.duckdb.waiting import HeldOpenError, held_open, patiently
from tests.python.support.loader_bench import Bench, items

LOCKED = 'IO Error: Could not set lock on file "a b"'
HOLDER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
time.sleep(600)
"""


@contextmanager
def held(database: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process read a database."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        try:
            yield holder
        finally:
            holder.kill()


@pytest.mark.parametrize(
    ("options", "waits", "goes_away"),
    [(("--wait", "9"), True, True), (("--wait", "0.05"), True, False), ((), False, False)],
)
def test_a_load_waits_for_a_reader(
    bench: Bench, options: tuple[str, ...], waits: bool, goes_away: bool
) -> None:
    bench.write("a.csv", items({}))
    bench.load()
    bench.write("b.csv", items({"ORDER_ID": "o2"}))
    load = [
        sys.executable,
        "-m",
        "sales_pipeline",
        "load",
        str(bench.source),
        "--database",
        str(bench.database),
    ]
    with (
        held(bench.database) as holder,
        subprocess.Popen([*load, *options], stderr=subprocess.PIPE, text=True) as loader,
    ):
        assert loader.stderr is not None
        first = loader.stderr.readline()
        if goes_away:
            holder.kill()
        last = loader.stderr.read()
    who = f"{bench.database} is in use by process {holder.pid} ({Path(sys.executable).resolve()})"
    assert (f"{who}. Waiting for it, " in first) == waits
    assert (f"{who}. Close it there" in first + last) != goes_away
    assert loader.returncode == int(not goes_away), last


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        (f"{LOCKED}: Conflicting lock is held in /x (1)/py (PID 7). See", "process 7 (/x (1)/py)"),
        (f"{LOCKED}: Resource temporarily unavailable", "another process"),
        ("a block of the file is broken", None),
    ],
)
def test_who_holds_a_file_is_read_from_the_engines_words(text: str, fact: str | None) -> None:
    found = held_open(text)
    assert (found and found.fact) == (fact and f"a b is in use by {fact}")


def test_waiting_is_told_again_each_minute_and_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))

    def attempt() -> None:
        raise HeldOpenError("w", "process 7")

    with pytest.raises(HeldOpenError, match="--wait MINUTES"):
        patiently(attempt, 2.5)
    assert capsys.readouterr().err.splitlines() == [
        f"w is in use by process 7. Waiting for it, {left} minutes at most." for left in ("2.5", "1.5", "0.5")
    ]
    assert clock[0] == 150
