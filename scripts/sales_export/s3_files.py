"""The marts of Redshift as Parquet files on S3, each export under a prefix of its own."""

import json
import os
import re
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sales_loader.errors import LoaderError
from sales_loader.sources.s3 import S3Location, explained
from sales_loader.warehouses.redshift.settings import read_staging
from sales_loader.warehouses.redshift.staging import delete_below
from sales_loader.warehouses.target import WarehouseTarget

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

LATEST = "latest.json"

_EXPORT = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
_MARTS = """
    select table_name from information_schema.tables
    where table_schema = 'marts' and table_type = 'BASE TABLE' order by table_name"""
_UNLOAD = "unload ('select * from marts.{mart}') to '{place}/{mart}/' iam_role {role} format parquet"


def unload(warehouse_target: WarehouseTarget, below: S3Location) -> tuple[str, dict[str, int]]:
    """Let Redshift write the marts to S3, and say last where they are.

    Args:
        warehouse_target: Redshift.
        below: prefix of all exports and of ``latest.json``, which names the latest whole one.

    Returns:
        The prefix of this export, and the number of rows by mart.

    Raises:
        UsageError: the environment does not say how to reach Redshift.
        LoaderError: the marts are not built, or S3 or Redshift refuses.
    """
    client = warehouse_target.aws.s3()
    superseded = _all_but_the_latest(client, below)
    place = below.below(f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%SZ}")
    rows = _unload_all(warehouse_target, place)
    _say_where(client, below, place, rows)
    for old in superseded:
        delete_below(client, old)
    return str(place), rows


def _unload_all(warehouse_target: WarehouseTarget, place: S3Location) -> dict[str, int]:
    role = read_staging(os.environ).copy_role
    rows = {}
    with closing(warehouse_target.session()) as session:
        session.run("begin")  # a publication meanwhile is not seen
        marts = [name for (name,) in session.rows(_MARTS)]
        if not marts:
            raise LoaderError("The marts are not built yet. Run `sales-loader build --target redshift`.")
        for mart in marts:
            named = role if role == "default" else f"'{role}'"
            session.run(_UNLOAD.format(mart=mart, place=place, role=named))
            rows[mart] = int(session.value("select pg_last_unload_count()"))
        session.run("commit")
    return rows


def _say_where(client: "S3Client", below: S3Location, place: S3Location, rows: dict[str, int]) -> None:
    target = below.below(LATEST)
    body = json.dumps({"prefix": f"{place}/", "rows": rows}, indent=2).encode()
    with explained(str(target)):
        client.put_object(Bucket=target.bucket, Key=target.key, Body=body, ContentType="application/json")


def _all_but_the_latest(client: "S3Client", below: S3Location) -> list[S3Location]:
    """Older exports and unfinished ones. The latest stays for one more, for those who are reading it."""
    latest = below.below(LATEST)
    with explained(str(below)):
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=below.bucket, Prefix=below.below("").key, Delimiter="/"
        )
        listed = list(pages)
        named = ""
        if any(one["Key"] == latest.key for page in listed for one in page.get("Contents", [])):
            content = client.get_object(Bucket=latest.bucket, Key=latest.key)["Body"].read()
            named = str(json.loads(content)["prefix"])
    folders = (
        one["Prefix"].rstrip("/").rpartition("/")[2]
        for page in listed
        for one in page.get("CommonPrefixes", [])
    )
    exports = [below.below(name) for name in folders if _EXPORT.fullmatch(name)]
    return [export for export in exports if f"{export}/" != named]
