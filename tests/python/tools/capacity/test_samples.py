"""A sample is a history in one file a kind, and one more day beside it."""

import csv
import json
from pathlib import Path

from tools.capacity.samples import KINDS, Size, write_files
from tools.capacity.tables import read_models


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_history_and_last_day_hold_all_lines_and_one_header(tmp_path: Path) -> None:
    size = Size(restaurants=2, days=20, lines=10)
    history, last_day = write_files(size, tmp_path)
    (day,) = last_day.iterdir()
    assert day.name == "2025-06-30"
    for kind in KINDS:
        header, *before = rows_of(history / kind)
        same, *after = rows_of(day / kind)
        assert header == same
        assert header not in before
        assert after
    assert len(rows_of(history / KINDS[0])) + len(rows_of(day / KINDS[0])) == size.total_lines + 2
    assert (history / "date_dim.csv").exists()


def test_models_know_their_layout_and_what_a_daily_run_writes(tmp_path: Path) -> None:
    config = {"materialized": "incremental", "unique_key": "business_date", "meta": {"changes": "int_dates"}}
    node = {
        "resource_type": "model",
        "name": "m",
        "schema": "marts",
        "alias": "m",
        "compiled_code": "select 1",
    }
    month_ends = {
        **config,
        "unique_key": "month_end_date",
        "meta": {"changes": "int_month", "and_later": True},
    }
    view = node | {"name": "v", "config": {"materialized": "view", "meta": {}}}
    nodes = {
        "a": node | {"config": config | {"sort": ["business_date", "location_id"], "dist": "customer_id"}},
        "b": view,
        "c": node | {"name": "n", "config": month_ends},
    }
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    model, by_month_end = read_models(manifest)
    assert (model.table, model.sort, model.dist) == (
        "marts.m",
        ("business_date", "location_id"),
        "customer_id",
    )
    assert (
        model.written_filter == " where business_date in (select business_date from intermediate.int_dates)"
    )
    assert (model.found_by, model.compared) == ("business_date", ["business_date"])
    assert by_month_end.is_kept
    assert by_month_end.written_filter == (
        " where month_end_date >= (select min(month_end_date) from intermediate.int_month)"
    )
