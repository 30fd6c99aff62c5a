"""The objects of S3 that a COPY reads: those of a manifest, or those that share a prefix."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError

from .copy_command import CopyCommand
from .copy_errors import CopyFailed

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_BUFFER = 1024 * 1024
_MISSING = ("404", "NoSuchKey", "NoSuchBucket")


@dataclass(frozen=True)
class Part:
    """An object to load."""

    bucket: str
    key: str

    @property
    def url(self) -> str:
        """The object's address, as the system tables name the file."""
        return f"s3://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class _Entry:
    part: Part
    mandatory: bool
    content_length: int | None


def parts(command: CopyCommand, s3: S3Client) -> list[Part]:
    """The objects to load, in the order of the manifest or of their keys.

    An entry of a manifest is optional unless it says ``"mandatory": true``: without it a missing file is
    passed over in silence, as documented, and only a manifest of which no file is there fails. An object
    listed twice is loaded twice. Without MANIFEST every object is loaded whose key begins with the given one.

    Raises:
        CopyFailed: nothing is there, a mandatory file is missing, a file has another size than the manifest
            says, the manifest is malformed, or S3 answers with an error.
    """
    with s3_errors(command.source):
        return _listed(command.source, s3) if command.manifest else _with_prefix(command.source, s3)


@contextmanager
def opened(part: Part, command: CopyCommand, s3: S3Client) -> Iterator[BinaryIO]:
    """Open an object for reading, decompressed when the COPY says GZIP.

    Raises:
        CopyFailed: S3 answers with an error, or what is said to be gzip is not, or is cut short.
    """
    with s3_errors(part.url):
        body = s3.get_object(Bucket=part.bucket, Key=part.key)["Body"]
        try:
            with body:
                yield _Decompressed.reader(body) if command.gzip else _buffered(body)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise CopyFailed(f"The gzip file {part.url} cannot be decompressed: {error}") from error


@contextmanager
def s3_errors(url: str) -> Iterator[None]:
    """Tell of a failed request to S3 as Redshift does."""
    try:
        yield
    except ClientError as error:
        raise CopyFailed(service_error(error, url)) from error
    except BotoCoreError as error:
        raise CopyFailed(f"S3CurlException: {error}, S3 key being read : {url}") from error


class _Decompressed(gzip.GzipFile):
    """A gzip file that is refused when there is nothing in it, not even a header."""

    @classmethod
    def reader(cls, body: Any) -> BinaryIO:
        source = io.BufferedReader(body, _BUFFER)
        if not source.peek(1):
            raise EOFError("the file is empty")
        return cast(BinaryIO, io.BufferedReader(cls(fileobj=source), _BUFFER))


def _buffered(body: Any) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(body, _BUFFER))


def service_error(error: ClientError, url: str) -> str:
    """What Redshift says of a request that S3 refused."""
    told, met = error.response["Error"], error.response["ResponseMetadata"]
    status = met.get("HTTPStatusCode", 0)
    return (
        f"S3ServiceException:{told.get('Message', '')},Status {status},Error {told.get('Code', '')}"
        f",Rid {met.get('RequestId', '')},ExtRid {met.get('HostId', '')},CanRetry {int(status >= 500)}"
        f", S3 key being read : {url}"
    )


def _part(url: str) -> Part:
    bucket, _, key = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not bucket or not key:
        raise CopyFailed(f"The url '{url}' in the manifest file is not of the form s3://bucket/key")
    return Part(bucket, key)


def _with_prefix(source: str, s3: S3Client) -> list[Part]:
    prefix = _part(source)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=prefix.bucket, Prefix=prefix.key)
    found = [Part(prefix.bucket, item["Key"]) for page in pages for item in page.get("Contents", [])]
    if not found:
        raise CopyFailed(f"The specified S3 prefix '{prefix.key}' does not exist")
    return found


def _listed(source: str, s3: S3Client) -> list[Part]:
    found = []
    for entry in _entries(source, s3):
        size = _size(entry.part, s3)
        if size is None and entry.mandatory:
            raise CopyFailed(f"Mandatory url is not present in manifest file: {entry.part.url} was not found")
        if size is None:
            continue
        if entry.content_length not in (None, size):
            raise CopyFailed(
                f"{entry.part.url} has {size} bytes, not {entry.content_length} as the manifest file says"
            )
        found.append(entry.part)
    if not found:
        raise CopyFailed(f"No file of the manifest file {source} was found")
    return found


def _size(part: Part, s3: S3Client) -> int | None:
    try:
        return s3.head_object(Bucket=part.bucket, Key=part.key)["ContentLength"]
    except ClientError as error:
        if error.response["Error"].get("Code") in _MISSING:
            return None
        raise


def _entries(source: str, s3: S3Client) -> list[_Entry]:
    manifest = _part(source)
    try:
        body = s3.get_object(Bucket=manifest.bucket, Key=manifest.key)["Body"].read()
    except ClientError as error:
        raise CopyFailed(f"Problem reading manifest file - {service_error(error, source)}") from error
    try:
        content = json.loads(body.decode())
    except ValueError as error:
        raise CopyFailed(f"Problem reading manifest file - {source} is not JSON: {error}") from error
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise CopyFailed(f"Problem reading manifest file - {source} has no list of entries")
    return [_entry(entry, source) for entry in entries]


def _entry(entry: Any, source: str) -> _Entry:
    content: dict[str, Any] = entry if isinstance(entry, dict) else {}
    url, mandatory = content.get("url"), content.get("mandatory", False)
    meta = content.get("meta", {})
    length = meta.get("content_length") if isinstance(meta, dict) else meta
    if not isinstance(url, str) or not isinstance(mandatory, bool) or not isinstance(length, int | None):
        raise CopyFailed(f"Problem reading manifest file - {source} has a malformed entry: {entry}")
    return _Entry(_part(url), mandatory, length)
