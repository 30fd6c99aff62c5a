"""What comes after publication is tried, whatever became of the step before."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

from sales_loader.errors import LoaderError
from sales_pipeline.daily.daily_run import DailyRun, written
from sales_pipeline.daily.run_summary import RunSummary


def held_open(*_: object) -> list[str]:
    raise LoaderError("warehouse.duckdb is in use")


def test_the_docs_page_is_written_though_the_snapshot_could_not_be_taken() -> None:
    run = DailyRun.__new__(DailyRun)
    steps: dict[str, Any] = {
        "_begin": lambda _: nullcontext(),
        "_candidate": SimpleNamespace(read_project=lambda: None),
        "_judge_freshness": lambda _: [],
        "_build": lambda *_: [],
        "_publish": lambda _: None,
        "_observe": held_open,
        "_write": lambda _: "page.html",
    }
    for name, step in steps.items():
        setattr(run, name, step)
    summary = RunSummary()
    docs: Any = SimpleNamespace(is_due=lambda: True)
    assert run.run(summary, full_refresh=False, docs=docs) == ["warehouse.duckdb is in use"]
    assert summary.problems == ["warehouse.duckdb is in use"]
    assert summary.written == {"docs": "page.html"}


def test_a_full_disk_is_told_like_any_other_fault() -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    summary = RunSummary()
    (fault,) = written("report", fail, summary, lambda _: nullcontext())
    assert "No space left on device" in fault
    assert (summary.problems, summary.written) == ([fault], {})
