"""A bench whose warehouse is the stand-in of Redshift."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
from click.testing import CliRunner, Result

from sales_loader.contract import TABLES
from sales_pipeline.cli import main
from tests.python.support.loader_bench import KEY, Bench
from tests.redshift_stand_in.s3 import S3Server

RAW_TABLES = (
    *(table.name for table in TABLES),
    "rejected_rows",
    "load_files",
    "withdrawn_files",
    "removed_orders",
)


class Redshift(Protocol):
    """The stand-in, as whoever the environment signs in."""

    @property
    def s3(self) -> S3Server:
        """Its S3."""

    def environment(self) -> dict[str, str]:
        """Variables by which commands find it."""

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a statement, past everything that may be wrong."""


@dataclass(frozen=True)
class SignedIn:
    """A stand-in that is found with other variables, for example another user's."""

    stand_in: Redshift
    changes: Mapping[str, str]

    @property
    def s3(self) -> S3Server:
        """Its S3."""
        return self.stand_in.s3

    def environment(self) -> dict[str, str]:
        """Variables by which commands find it."""
        return {**self.stand_in.environment(), **self.changes}

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of a statement, past everything that may be wrong."""
        return self.stand_in.query(statement)


@dataclass(frozen=True)
class RedshiftBench(Bench):
    """A folder of sales files and the stand-in."""

    folder: Path
    stand_in: Redshift

    def run(self, *arguments: str, key: str = KEY) -> Result:
        """Run a command on the stand-in."""
        environment = {
            **self.stand_in.environment(),
            "WAREHOUSE_TARGET": "redshift",
            "WAREHOUSE_PATH": str(self.database),
            "CARD_HASH_KEY": key,
        }
        return CliRunner().invoke(main, arguments, env=environment)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask a copy of schema raw in DuckDB, so that both warehouses take the same questions."""
        with closing(duckdb.connect()) as connection:
            connection.execute("create schema raw")
            for table in RAW_TABLES:
                self._copy(connection, table)
            return connection.execute(query).fetchall()

    def staged_objects(self) -> list[str]:
        """Keys of what lies in the staging bucket."""
        bucket = self.stand_in.environment()["REDSHIFT_STAGING"].split("/")[2]
        listed = self.stand_in.s3.client().list_objects_v2(Bucket=bucket)
        return [entry["Key"] for entry in listed.get("Contents", [])]

    def _copy(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        columns = self.stand_in.query(
            f"""
            select attname, format_type(atttypid, atttypmod) from pg_attribute
            where attrelid = to_regclass('raw.{table}') and attnum > 0 and not attisdropped order by attnum"""
        )
        if not columns:
            return
        types = ", ".join(f"{name} {_duckdb_type(sql_type)}" for name, sql_type in columns)
        connection.execute(f"create table raw.{table} ({types})")
        rows = self.stand_in.query(f"select * from raw.{table}")
        _insert(connection, table, rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into raw.{table} values ({marks})", rows)


def _duckdb_type(postgres_type: str) -> str:
    return postgres_type.partition(" without")[0].replace("character varying", "varchar")
