"""UNLOAD writes real Parquet files, and is refused where Redshift refuses it."""

import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.redshift_stand_in import StandIn
from tests.redshift_stand_in.refusal import Refusal
from tests.redshift_stand_in.stand_in import BUCKET, ROLE
from tests.redshift_stand_in.unload_command import UnloadCommand, parse_unload

from .sessions import error, rows, session, value

TO = f"to 's3://{BUCKET}/out/t/' iam_role '{ROLE}' format parquet"


def test_the_parts_of_an_unload_are_read() -> None:
    sql = "UNLOAD ('select ''a'' , \\'b\\' from t')\nTO 's3://b/a/key' IAM_ROLE default FORMAT AS PARQUET"
    assert parse_unload(sql) == UnloadCommand("select 'a' , 'b' from t", "b", "a/key", "default")


@pytest.mark.parametrize("options", ["", "format csv", "format parquet allowoverwrite"])
def test_another_form_is_not_guessed_at(options: str) -> None:
    with pytest.raises(Refusal, match="does not know an UNLOAD"):
        parse_unload(f"unload ('select 1') to 's3://b/k' iam_role default {options}")


def test_rows_of_a_transaction_are_unloaded_with_their_types(stand_in: StandIn, tmp_path: Path) -> None:
    with session(stand_in, autocommit=False) as connection:
        rows(
            connection,
            "create table t (a varchar(9), b decimal(18,2), c date, d timestamp, e boolean, f bigint)",
        )
        rows(
            connection,
            "insert into t values ('it''s', -0.07, '2024-02-29', '2024-02-29 23:59:59.5', true, 9), "
            "(null, null, null, null, null, null)",
        )
        rows(connection, f"unload ('select * from t where coalesce(a, ''x'') <> ''y''') {TO}")
        assert value(connection, "pg_last_unload_count()") == 2
    file = tmp_path / "t.parquet"
    with file.open("wb") as stream:
        stand_in.s3.client().download_fileobj(BUCKET, "out/t/0000_part_00.parquet", stream)
    with duckdb.connect() as connection:
        described = connection.execute(f"describe from '{file}'").fetchall()
        read = connection.execute(f"from '{file}' where a <> ''").fetchall()
    assert [kind for _, kind, *_ in described] == [
        *("VARCHAR", "DECIMAL(18,2)", "DATE", "TIMESTAMP", "BOOLEAN", "BIGINT")
    ]
    moment = datetime(2024, 2, 29, 23, 59, 59, 500_000)
    assert read == [("it's", Decimal("-0.07"), moment.date(), moment, True, 9)]


def test_a_place_that_is_not_empty_is_refused(stand_in: StandIn) -> None:
    stand_in.s3.client().upload_fileobj(io.BytesIO(b"x"), BUCKET, "out/t/old")
    with session(stand_in) as connection:
        assert "is not empty" in error(connection, f"unload ('select 1 as a') {TO}")["M"]


def test_a_role_that_may_not_be_taken_and_a_bad_query_are_refused(stand_in: StandIn) -> None:
    with session(stand_in) as connection:
        other = TO.replace(ROLE, f"{ROLE}-of-others")
        assert "is not authorized to assume" in error(connection, f"unload ('select 1 as a') {other}")["M"]
        assert "does not exist" in error(connection, f"unload ('select * from nothing') {TO}")["M"]
        assert 'near "("' in error(connection, f"unload ('select sum(1) filter (where true)') {TO}")["M"]
