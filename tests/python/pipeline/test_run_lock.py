"""One daily run at a time on a DuckDB file, and no lock file left behind."""

from pathlib import Path

import pytest

from sales_loader.warehouses.target import WarehouseTarget
from sales_pipeline.daily import run_lock as module
from sales_pipeline.daily.run_lock import RunInProgressError, run_lock


def locks(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.lock")]


def test_a_second_run_is_kept_out_and_the_lock_is_gone_afterwards(tmp_path: Path) -> None:
    target = WarehouseTarget("duckdb", tmp_path / "w.duckdb")
    for _ in range(2):
        with run_lock(target):
            assert locks(tmp_path) == ["w.duckdb.daily.lock"]
            with pytest.raises(RunInProgressError), run_lock(target):
                pass
            assert locks(tmp_path) == ["w.duckdb.daily.lock"]
        assert locks(tmp_path) == []
    with pytest.raises(ZeroDivisionError), run_lock(target):
        raise ZeroDivisionError
    assert locks(tmp_path) == []


def test_a_lock_file_that_is_removed_while_it_is_opened_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = WarehouseTarget("duckdb", tmp_path / "w.duckdb")
    lock, tried = module._lock_file, list[int]()

    def ends_meanwhile(file: int, at: WarehouseTarget) -> None:
        tried.append(file)
        if len(tried) == 1:
            (tmp_path / "w.duckdb.daily.lock").unlink()
        lock(file, at)

    monkeypatch.setattr(module, "_lock_file", ends_meanwhile)
    with run_lock(target), pytest.raises(RunInProgressError), run_lock(target):
        pass
    assert len(tried) == 3  # the first, again, and the second run
