"""One daily run at a time on a DuckDB file, and no lock file left behind."""

from pathlib import Path

import pytest
from sales_loader import daily_lock
from sales_loader.daily_lock import AlreadyAtWorkError, at_work
from sales_loader.targets import Place


def locks(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.lock")]


def test_a_second_run_is_kept_out_and_the_lock_is_gone_afterwards(tmp_path: Path) -> None:
    place = Place("duckdb", tmp_path / "w.duckdb")
    for _ in range(2):
        with at_work(place):
            assert locks(tmp_path) == ["w.duckdb.daily.lock"]
            with pytest.raises(AlreadyAtWorkError), at_work(place):
                pass
            assert locks(tmp_path) == ["w.duckdb.daily.lock"]
        assert locks(tmp_path) == []
    with pytest.raises(ZeroDivisionError), at_work(place):
        raise ZeroDivisionError
    assert locks(tmp_path) == []


def test_a_lock_file_that_is_removed_while_it_is_opened_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place("duckdb", tmp_path / "w.duckdb")
    lock, tried = daily_lock._lock_file, list[int]()

    def ends_meanwhile(file: int, at: Place) -> None:
        tried.append(file)
        if len(tried) == 1:
            (tmp_path / "w.duckdb.daily.lock").unlink()
        lock(file, at)

    monkeypatch.setattr(daily_lock, "_lock_file", ends_meanwhile)
    with at_work(place), pytest.raises(AlreadyAtWorkError), at_work(place):
        pass
    assert len(tried) == 3  # the first, again, and the second run
