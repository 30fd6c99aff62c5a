"""Redshift writes the marts to S3: the same values, each export whole, and the latest one named last."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from sales_export import s3_files
from sales_pipeline.cli import main
from tests.redshift_stand_in import StandIn
from tests.redshift_stand_in.stand_in import BUCKET

from .conftest import TABLES

TO = f"s3://{BUCKET}/exports"


@pytest.fixture
def warehouse(stand_in: StandIn) -> StandIn:
    stand_in.query(TABLES)
    stand_in.query("grant usage on schema marts to public")
    stand_in.query("grant select on all tables in schema marts to public")
    return stand_in


@pytest.fixture(autouse=True)
def each_export_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()

    class Clock:
        @staticmethod
        def now(zone: Any) -> datetime:
            return datetime(2026, 6, 1, 6, tzinfo=zone or UTC) + timedelta(seconds=next(seconds))

    monkeypatch.setattr(s3_files, "datetime", Clock)


def export(to: str = TO) -> Result:
    return CliRunner().invoke(main, ["export", "--target", "redshift", "--to", to])


def keys(stand_in: StandIn) -> Iterator[str]:
    listed = stand_in.s3.client().list_objects_v2(Bucket=BUCKET, Prefix="exports/")
    return (entry["Key"].removeprefix("exports/") for entry in listed.get("Contents", []))


def body(stand_in: StandIn, key: str) -> bytes:
    return stand_in.s3.client().get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_the_marts_are_unloaded_and_named(warehouse: StandIn, tmp_path: Path) -> None:
    result = export()
    assert result.exit_code == 0, result.output
    assert f"2 marts with 2 rows are in {TO}/2026-06-01T06-00-00Z" in result.output
    latest = json.loads(body(warehouse, "exports/latest.json"))
    assert latest == {"prefix": f"{TO}/2026-06-01T06-00-00Z/", "rows": {"dim_dates": 0, "fct_orders": 2}}
    (key,) = [key for key in keys(warehouse) if "fct_orders" in key]
    assert re.fullmatch(r"2026-06-01T06-00-00Z/fct_orders/\w+\.parquet", key)
    file = tmp_path / "orders.parquet"
    file.write_bytes(body(warehouse, f"exports/{key}"))
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        read, wanted = (
            connection.execute(f"from {source} order by order_id").fetchall()
            for source in (f"'{file}'", "marts.fct_orders")
        )
        types = [
            [kind for _, kind, *_ in connection.execute(f"describe from {source}").fetchall()]
            for source in (f"'{file}'", "marts.fct_orders")
        ]
    assert read == wanted
    assert types[0] == types[1]


def test_the_latest_export_and_the_one_before_are_kept(warehouse: StandIn) -> None:
    client = warehouse.s3.client()
    client.put_object(Bucket=BUCKET, Key="exports/archive/of_somebody_else.csv", Body=b"1")
    for _ in range(3):
        assert export().exit_code == 0
    assert {key.partition("/")[0] for key in keys(warehouse)} == {
        "archive",
        "latest.json",
        "2026-06-01T06-00-01Z",
        "2026-06-01T06-00-02Z",
    }


def test_an_export_that_fails_is_not_named(warehouse: StandIn) -> None:
    assert export().exit_code == 0
    warehouse.s3.faults.answer(403, method="PUT", key_contains="06-00-01Z/fct_orders", code="AccessDenied")
    failed = export()
    assert (failed.exit_code, "Status 403" in failed.output) == (1, True)
    assert json.loads(body(warehouse, "exports/latest.json"))["prefix"].endswith("06-00-00Z/")
    assert any(key.startswith("2026-06-01T06-00-01Z/") for key in keys(warehouse))
    warehouse.s3.faults.clear()
    assert export().exit_code == 0
    assert {key.partition("/")[0] for key in keys(warehouse)} == {
        "latest.json",
        "2026-06-01T06-00-00Z",
        "2026-06-01T06-00-02Z",
    }


def test_what_cannot_be_unloaded_is_refused_in_words(stand_in: StandIn) -> None:
    assert "The marts are not built yet" in export().output
    assert "holds a quote" in export("s3://bucket/it's").output
    named = CliRunner().invoke(main, ["export", "--target", "redshift", "--to", TO, "--format", "duckdb"])
    assert (named.exit_code, "leave out the format" in named.output) == (2, True)
    assert not list(keys(stand_in))
