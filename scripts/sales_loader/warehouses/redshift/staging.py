"""Parts on S3 for COPY: put there under a prefix of their own, and taken away again."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sales_loader.errors import LoaderError
from sales_loader.sources.s3 import S3Location, explained
from sales_loader.warehouses.redshift.parts import Parts

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_KEYS_PER_REQUEST = 1000  # as many as S3 deletes at once


@dataclass(frozen=True)
class Staged:
    """Parts of some tables on S3.

    Attributes:
        location: the prefix that holds them and nothing else.
        manifests: address of the manifest that names a table's parts, by table.
    """

    location: S3Location
    manifests: dict[str, str]


@contextmanager
def staged(
    client: "S3Client",
    below: S3Location,
    tables: Sequence[Parts],
    parallel: int,
    warn: Callable[[str], None],
) -> Iterator[Staged]:
    """Parts and a manifest for each table on S3, for as long as they are needed.

    Args:
        client: of S3.
        below: bucket and prefix to stage in; a new prefix is made below it.
        tables: what to stage; a table without rows is left out.
        parallel: uploads at a time.
        warn: called with a message when staged objects cannot be removed in the end.

    Raises:
        LoaderError: S3 cannot be written, or the new prefix is not empty.
    """
    location = below.below(uuid4().hex)
    try:
        _refuse_company(client, location)
        _upload(client, location, [path for parts in tables for path in parts.paths], parallel)
        manifests = {parts.table: _put_manifest(client, location, parts) for parts in tables if parts.rows}
        yield Staged(location, manifests)
    finally:
        _remove(client, location, warn)


def _refuse_company(client: "S3Client", location: S3Location) -> None:
    with explained(str(location)):
        found = client.list_objects_v2(Bucket=location.bucket, Prefix=location.key + "/", MaxKeys=1)
    if found.get("Contents"):
        raise LoaderError(f"{location} holds objects of somebody else. Run the same command again.")


def _upload(client: "S3Client", location: S3Location, paths: Sequence[Path], parallel: int) -> None:
    def put(path: Path) -> None:
        target = location.below(path.name)
        with explained(str(target)):
            client.upload_file(str(path), target.bucket, target.key)

    with ThreadPoolExecutor(max_workers=parallel) as pool:
        list(pool.map(put, paths))


def _put_manifest(client: "S3Client", location: S3Location, parts: Parts) -> str:
    entries = [
        {
            "url": str(location.below(path.name)),
            "mandatory": True,  # COPY passes over a missing part otherwise
            "meta": {"content_length": path.stat().st_size},
        }
        for path in parts.paths
    ]
    target = location.below(f"{parts.table}.manifest")
    with explained(str(target)):
        client.put_object(
            Bucket=target.bucket, Key=target.key, Body=json.dumps({"entries": entries}).encode()
        )
    return str(target)


def delete_below(client: "S3Client", location: S3Location) -> None:
    """Delete all objects below a prefix.

    Raises:
        LoaderError: S3 refuses or cannot be reached.
    """
    with explained(str(location)):
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=location.bucket, Prefix=location.key + "/"
        )
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        for start in range(0, len(keys), _KEYS_PER_REQUEST):
            batch = keys[start : start + _KEYS_PER_REQUEST]
            answer = client.delete_objects(
                Bucket=location.bucket, Delete={"Objects": [{"Key": key} for key in batch], "Quiet": True}
            )
            for error in answer.get("Errors", [])[:1]:
                raise LoaderError(f"{location} cannot be deleted: {error['Key']}: {error['Message']}.")


def _remove(client: "S3Client", location: S3Location, warn: Callable[[str], None]) -> None:
    try:
        delete_below(client, location)
    except LoaderError as error:
        warn(
            f"Staged rows could not be removed: {error} The objects below {location} are not needed any more."
        )
