"""Mornings on Redshift end like those on DuckDB: rebuilt in part, published at once."""

from pathlib import Path

from daily.mornings import company, correct, daily, next_day
from marts.building import Workshop
from redshift_stand_in.stand_in import StandIn
from reference import KEYS

from .stand_in_sessions import rows, session


def on_both(duckdb: Workshop, redshift: Workshop, *options: str) -> None:
    """The same morning on both; neither may fail."""
    for workshop in (duckdb, redshift):
        done = daily(workshop, *options)
        assert done.returncode == 0, done.stdout + done.stderr


def test_mornings_end_alike_on_both(stand_in: StandIn, tmp_path: Path) -> None:
    duckdb = company(tmp_path)
    environment = {**stand_in.environment(), "WAREHOUSE_TARGET": "redshift"}
    redshift = Workshop(duckdb.project, duckdb.warehouse, environment)
    on_both(duckdb, redshift)
    next_day(tmp_path)
    correct(min(path for path in (tmp_path / "days").iterdir() if path.is_dir()) / "order_items.csv")
    on_both(duckdb, redshift)
    gone = max(path for path in (tmp_path / "days").iterdir() if path.is_dir()) / "order_items.csv"
    name = gone.relative_to(tmp_path / "days").as_posix()
    gone.unlink()
    for workshop in (duckdb, redshift):
        assert workshop.run("sales-loader", "withdraw", name).returncode == 0
    on_both(duckdb, redshift)
    with session(stand_in) as connection:
        for mart in KEYS:
            expected = sorted(tuple(map(str, row.values())) for row in duckdb.rows(mart))
            columns = ", ".join(duckdb.rows(mart)[0]) if expected else "*"
            found = rows(connection, f"select {columns} from marts.{mart}")
            assert sorted(tuple(map(str, row)) for row in found) == expected, mart
