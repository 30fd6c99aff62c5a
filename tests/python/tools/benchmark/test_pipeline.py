"""What a measured run has changed is put back before the next one."""

from pathlib import Path

from tools.benchmark.pipeline import kept


def test_each_run_finds_the_file_as_it_was(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    database.write_bytes(b"history")
    found = []
    with kept(database, 3) as restore:
        for _ in range(3):
            restore()
            found.append(database.read_bytes())
            database.write_bytes(b"another day")
    assert found == [b"history"] * 3
    assert list(tmp_path.iterdir()) == [database]


def test_a_single_run_takes_no_room_for_a_copy(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    database.write_bytes(b"history")
    with kept(database, 1) as restore:
        restore()
        assert list(tmp_path.iterdir()) == [database]
        assert database.read_bytes() == b"history"
