"""The daily run says why a file did not land, why nothing was published, and what was rejected."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from sales_loader.errors import UsageError
from sales_loader.load_service import FileResult, Outcome
from sales_loader.warehouses.interface import Load, TakenBack
from sales_pipeline.cli import main
from sales_pipeline.daily.run_record import read_record, recorded, step
from sales_pipeline.daily.run_summary import RunSummary, print_summary

PROJECT = Path(__file__).parents[3]
DAY = date(2025, 6, 1)


def landed(name: str, rejected: int) -> Load:
    return Load(1, name, "0", "order_items", 10, 10 - rejected, rejected, DAY, DAY, 1, datetime(2025, 6, 2))


def shown(summary: RunSummary) -> str:
    console = Console(width=200, record=True, file=StringIO())
    print_summary(summary, console)
    return console.export_text()


def test_refused_files_rejected_rows_and_rows_taken_back_are_told() -> None:
    summary = RunSummary()
    summary.add_files(
        [
            FileResult("bad.csv", Outcome.REFUSED, problem="the file is empty."),
            FileResult("a.csv", Outcome.LANDED, landed("a.csv", 3), {"bad_item_price": 2, "too_long": 1}),
            FileResult("b.csv", Outcome.REPLACED, landed("b.csv", 0), taken_back=TakenBack(4, 2, 9, 5)),
            FileResult("c.csv", Outcome.SKIPPED, landed("c.csv", 0)),
        ]
    )
    told = summary.as_json()
    assert told["problems"] == ["bad.csv: refused: the file is empty."]
    assert told["files_not_landed"] == ["bad.csv"]
    assert told["reject_reasons"] == {"a.csv": {"bad_item_price": 2, "too_long": 1}}
    assert told["taken_back"] == {"b.csv": {"rows": 4, "orders": 2, "dates": []}}
    assert (told["files_landed"], told["rows_landed"], told["rows_rejected"]) == (2, 17, 3)
    text = shown(summary)
    assert "bad.csv: refused: the file is empty." in text
    assert "a.csv: bad_item_price 2, too_long 1" in text
    assert "b.csv: rows 4, orders 2" in text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([], " 0 "),
        ([1], "1, 2025-06-01 to 2025-06-01"),
        ([1, 2, 3], "3, 2025-06-01 to 2025-06-03"),
        ([1, 3], "2: 2025-06-01, 2025-06-03"),
        (
            [*range(1, 16, 2), 30],
            "9: 2025-06-01, 2025-06-03, 2025-06-05, 2025-06-07, 2025-06-09, 2025-06-11, 2025-06-13, …, "
            "2025-06-30",
        ),
    ],
)
def test_only_dates_without_a_gap_are_shown_as_a_range(days: list[int], text: str) -> None:
    assert text in shown(RunSummary(dates_touched=[date(2025, 6, day) for day in days]))


def test_a_run_that_cannot_publish_says_why_in_text_and_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "order_items.csv").write_bytes(b"")
    monkeypatch.chdir(PROJECT)
    summary, database = tmp_path / "daily.json", tmp_path / "w.duckdb"
    options = ["--target", "duckdb", "--database", str(database), "--summary", str(summary)]
    result = CliRunner().invoke(main, ["daily", str(exports), *options])
    assert result.exit_code == 1, result.output
    assert "order_items.csv: refused: the file is empty" in result.output
    told = json.loads(summary.read_text(encoding="utf-8"))
    assert told["problems"][0].startswith("order_items.csv: refused: the file is empty")
    assert len(told["problems"]) == 2  # and that there is no warehouse to build from
    assert (told["is_published"], told["exit_code"], told["warehouse"]) == (False, 1, str(database))
    assert told["started_at"]
    assert told["ended_at"] >= told["started_at"]
    assert told["why_not_published"] == told["problems"][1:]
    assert told["seconds"] >= 0
    (copy,) = (tmp_path / "daily").iterdir()
    assert json.loads(copy.read_text(encoding="utf-8")) == told


@pytest.mark.parametrize(
    ("error", "code"), [(UsageError("no such folder"), 2), (KeyboardInterrupt(), 1), (KeyError("x"), 1)]
)
def test_a_run_leaves_a_record_from_its_beginning_on(tmp_path: Path, error: BaseException, code: int) -> None:
    path = tmp_path / "target" / "daily.json"
    summary = RunSummary(warehouse="w.duckdb", started_at=datetime(2026, 6, 1, 6, tzinfo=UTC))
    begun: dict[str, Any] = {}

    def run() -> None:
        with recorded(summary, path):
            begun.update(read_record(path))
            raise error

    with pytest.raises(type(error)):
        run()
    assert (begun["ended_at"], begun["exit_code"], begun["problems"]) == (None, None, [])
    ended = read_record(path)
    assert (ended["exit_code"], ended["is_published"]) == (code, False)
    assert type(error).__name__ in ended["problems"][0]
    assert read_record(path.parent / "daily" / "2026-06-01T060000.json") == ended


def test_each_step_is_in_the_record_from_its_beginning_on(tmp_path: Path) -> None:
    path = tmp_path / "daily.json"
    summary = RunSummary(warehouse="w.duckdb", started_at=datetime(2026, 6, 1, 6, tzinfo=UTC))
    with step(summary, path, "load"):
        assert read_record(path)["steps"] == [{"name": "load", "seconds": None}]
    for name in ("build", "a later one"):
        with pytest.raises(KeyboardInterrupt), step(summary, path, name):
            raise KeyboardInterrupt
    told = summary.as_json()
    assert [one["name"] for one in told["steps"]] == ["load", "build", "a later one"]
    assert all(0 <= one["seconds"] < 60 for one in told["steps"])
    assert told["failed_step"] == "build"
    assert "failed at" in shown(summary)
    assert "load 0.0, build 0.0" in shown(summary)


def test_what_failed_is_told_with_its_rows_and_its_first_sentence() -> None:
    def result(kind: str, status: str, description: str, failures: int | None, message: str) -> Any:
        typed = SimpleNamespace(value=kind)
        node = SimpleNamespace(name=f"a_{kind}", resource_type=typed, description=description)
        return SimpleNamespace(
            status=SimpleNamespace(value=status), node=node, failures=failures, message=message
        )

    summary = RunSummary()
    summary.add_results(
        [
            result("test", "fail", "No key is\ntwice in v1.2. It is the key.", 1234, "Got 1234 results"),
            result("test", "fail", "", 1, "Got 1 result"),
            result("model", "error", "One row per day", None, "Runtime Error in model\n  no such column"),
            result("test", "pass", "", 0, ""),
        ]
    )
    assert summary.why_not_published == [
        "test a_test found 1,234 rows: No key is twice in v1.2.",
        "test a_test found 1 row",
        "model a_model could not be built: One row per day: Runtime Error in model",
    ]
    assert (summary.tests_failed, summary.tests_passed) == (["a_test", "a_test", "a_model"], 1)
