"""Text from outside: on one line and without effect wherever it is shown, logged or exported."""

import csv
import json
from pathlib import Path

import pytest
from rich.console import Console

from sales_loader.escaping import as_json_line, escaped, escaped_lines, write_for_spreadsheets
from sales_pipeline.daily.run_summary import RunSummary, print_summary
from tests.python.support.loader_bench import Bench, items

FORGED = 'x\n{"event": "morning_finished", "successes": 1}\r\x1b[2J\x9b2J\u202eevs.\u2028[/red].csv'
SHOWN = r'x\n{"event": "morning_finished", "successes": 1}\r\u001b[2J\u009b2J\u202eevs.\u2028[/red].csv'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Café 日本 ‘x’ 🥪.csv", "Café 日本 ‘x’ 🥪.csv"),  # noqa: RUF001
        (FORGED, SHOWN),
        ("a\x00\x07\x7f\t", r"a\u0000\u0007\u007f\t"),
        ("a\xa0b\u200bc\ufeff", r"a\u00a0b\u200bc\ufeff"),
        ("a\udcff.csv", r"a\udcff.csv"),
        ("\U000e0001", r"\udb40\udc01"),
    ],
)
def test_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown
    assert json.loads(as_json_line({"file": text})) == {"file": text}
    assert as_json_line(text).isprintable()


def test_lines_are_kept_where_they_are_ours() -> None:
    assert escaped_lines("a\x1b\r\nb\n  c\n") == "a\\u001b\n    b\n  c"


def test_a_file_name_forges_nothing(bench: Bench) -> None:
    # A name has no slash, and where the next line of a log begins it would be the JSON of an alarm.
    name = FORGED.replace("/", "")
    shown = SHOWN.replace("/", "")
    bench.write(name, items({}, {"ITEM_PRICE": "x"}))
    bench.write(f"refused {name}", b"")
    texts = [bench.load(), bench.run("status"), bench.run("rejects"), bench.run("withdraw", name)]
    for result in texts:
        assert shown in result.output
        assert [line for line in result.output.splitlines() if not line.isprintable()] == []
        assert [line for line in result.output.splitlines() if line.startswith("{")] == []
    assert f"refused {shown}: refused: the file is empty" in texts[0].stderr
    result = bench.load("--again", "--log-format", "json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["file"] for event in events if event["event"] == "file_landed"] == [name]


def test_header_cells_and_locations_are_shown_on_one_line(bench: Bench) -> None:
    header, row = items({}).splitlines()
    bench.write("a.csv", header + b',"\x1b[2J\nb"\n' + row + b",1\n")
    result = bench.load()
    assert result.exit_code == 0
    assert r"columns that are not loaded: '\x1b[2J\nb'." in result.stderr


def test_the_summary_takes_no_name_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(RunSummary(files_not_landed=[FORGED]), Console(markup=False, emoji=False, width=200))
    assert SHOWN in capsys.readouterr().out


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_cells_that_a_spreadsheet_would_compute_are_exported_as_text(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "r.csv"
    cell = f'{sign}cmd|"/c calc"!A1'
    assert write_for_spreadsheets(path, ["a", "b", "c", "d"], [[cell, f"a{sign}", -1, None]]) == 1
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b", "c", "d"], [f"'{cell}", f"a{sign}", "-1", ""]]


def test_exported_rejects_compute_nothing(bench: Bench) -> None:
    bench.write("-a.csv", items({"APP_NAME": "=1+1", "ITEM_PRICE": "x"}))
    bench.load()
    path = bench.folder / "r.csv"
    assert "1 rows written" in bench.run("rejects", "--export", str(path)).output
    with path.open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["raw_line"].startswith("'=1+1,r1,")
    assert row["_source_file"] == "'-a.csv"
