"""UNLOAD in a session: the rows from PostgreSQL, into a real Parquet file on S3."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
from botocore.exceptions import ClientError

from .backend import Backend
from .copy_source import service_error
from .faults import INTERNAL_ERROR
from .refusal import Refusal
from .unload_command import UnloadCommand

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from .proxy import Services

_NOT_EMPTY = (
    "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually "
    "removing the target files in S3, or using the ALLOWOVERWRITE option."
)
_FIRST_SLICE = "0000_part_00.parquet"
_COLUMNS = """
    select attname, format_type(atttypid, atttypmod) from pg_catalog.pg_attribute
    where attrelid = 'rs_unloaded'::regclass and attnum > 0 order by attnum"""


def unload(command: UnloadCommand, backend: Backend, services: "Services") -> None:
    """Write the rows of a query to S3, as one slice would.

    Args:
        command: its query is PostgreSQL's.
        backend: the session's own connection, so that its transaction's rows are seen.
        services: what sessions share.

    Raises:
        Refusal: the role may not be taken, or files lie there already.
        ServerError: PostgreSQL does not run the query.
    """
    services.faults.check_role(command.iam_role)
    client = services.s3()
    if client.list_objects_v2(Bucket=command.bucket, Prefix=command.key, MaxKeys=1).get("Contents"):
        raise Refusal(_NOT_EMPTY, code=INTERNAL_ERROR)
    backend.query(f"create temporary view rs_unloaded as {command.query}")
    columns = {str(name): _duckdb_type(str(kind)) for name, kind in backend.query(_COLUMNS)}
    rows = backend.query("select * from rs_unloaded")
    backend.query("drop view rs_unloaded")
    _put(client, command, _parquet(columns, rows))
    backend.query(f"select set_config('rs.last_unload_count', '{len(rows)}', false)")


def _put(client: "S3Client", command: UnloadCommand, body: bytes) -> None:
    key = f"{command.key}{_FIRST_SLICE}"
    try:
        client.put_object(Bucket=command.bucket, Key=key, Body=body)
    except ClientError as error:
        raise Refusal(service_error(error, key), code=INTERNAL_ERROR) from error


def _parquet(columns: dict[str, str], rows: list[list[str | None]]) -> bytes:
    values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
    cast = (f'cast(unnest(cast(? as varchar[])) as {kind}) as "{name}"' for name, kind in columns.items())
    with TemporaryDirectory() as folder, duckdb.connect() as connection:
        file = Path(folder) / "rows.parquet"
        connection.execute(f"create table unloaded as select {', '.join(cast)}", values)
        connection.execute(f"copy unloaded to '{file}' (format parquet)")
        return file.read_bytes()


def _duckdb_type(postgres_type: str) -> str:
    return postgres_type.partition(" without")[0].replace("character varying", "varchar")
