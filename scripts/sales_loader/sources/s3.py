"""Sales files on S3: finding them below a prefix, and fetching one at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError

from sales_loader.errors import LoaderError, UsageError
from sales_loader.sources.local import Skipped, SourceFile, compression_of, is_clutter

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

SCHEME = "s3://"
_WHAT_TO_DO = {
    "NoSuchBucket": "Check the name of the bucket.",
    "AccessDenied": "Ask for the right to list and read it.",
    "403": "Ask for the right to list and read it.",
    "NoSuchKey": "It was removed meanwhile: run the command again.",
    "InvalidObjectState": "It is archived (Glacier or Deep Archive): restore it, then run the command again.",
    "ExpiredToken": "The AWS credentials have expired: sign in again.",
    "InvalidAccessKeyId": "The AWS credentials are not valid: sign in again.",
}


@dataclass(frozen=True)
class S3Location:
    """A bucket and a prefix or key in it, without a slash in front."""

    bucket: str
    key: str

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"

    def below(self, name: str) -> "S3Location":
        """The location of a name below this one."""
        return S3Location(self.bucket, f"{self.key.rstrip('/')}/{name}" if self.key else name)


@dataclass(frozen=True)
class S3File:
    """A sales file on S3.

    Attributes:
        location: its bucket and key.
        name: key below the prefix, or the last part of the key for a single file; the ledger's key.
        compression: ``none``, ``gzip`` or ``zstd``, from the name's ending.
        bytes: size when it was listed.
        etag: its entity tag when it was listed, which differs for every content.
        client: makes the S3 client when it is first needed.
    """

    location: S3Location
    name: str
    compression: str
    bytes: int
    etag: str
    client: "Callable[[], S3Client]"

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return str(self.location)

    def size(self) -> int:
        """Size in bytes when it was listed."""
        return self.bytes

    def version(self) -> str:
        """Its entity tag when it was listed."""
        return self.etag

    @contextmanager
    def on_disk(self) -> Iterator[SourceFile]:
        """The file in a temporary folder, for as long as it is needed.

        Raises:
            LoaderError: it cannot be fetched.
        """
        with TemporaryDirectory(prefix="sales-loader-") as folder:
            path = Path(folder) / "object"
            with explained(self.place):
                _fetch(self.client(), self, path)
            with SourceFile(path, self.name, self.compression).on_disk() as file:
                yield file


def parse_location(text: str) -> S3Location:
    """Bucket and key of an address such as ``s3://bucket/exports/``.

    Raises:
        UsageError: it names no bucket.
    """
    bucket, _, key = text.removeprefix(SCHEME).partition("/")
    if not text.startswith(SCHEME) or not bucket:
        raise UsageError(f"{text}: no bucket is named; write it like s3://bucket/prefix.")
    return S3Location(bucket, key)


def find_files(source: str, client: "Callable[[], S3Client]") -> Iterator[S3File | Skipped]:
    """All objects below an address, in order.

    An address that ends like a sales file is that one object; any other one is a folder, so that
    ``s3://bucket/2025`` does not take in ``s3://bucket/2025-old/``.

    Raises:
        UsageError: the address names no bucket, or a single file that is not there.
        LoaderError: the bucket cannot be listed.
    """
    location = parse_location(source)
    is_single = bool(compression_of(location.key))
    folder = "" if not location.key or is_single else location.key.rstrip("/") + "/"
    prefix = location.key if is_single else folder
    found = False
    for key, size, etag in _listed(location.bucket, prefix, client):
        if key.endswith("/") or (is_single and key != location.key):
            continue
        found = True
        name = PurePosixPath(key).name if is_single else key.removeprefix(folder)
        if not is_single and any(map(is_clutter, name.split("/"))):
            continue
        compression = compression_of(key)
        where = S3Location(location.bucket, key)
        yield S3File(where, name, compression, size, etag, client) if compression else Skipped(name)
    if not found:
        raise UsageError(f"{source}: there is no such file or folder.")


def _fetch(client: "S3Client", file: S3File, path: Path) -> None:
    """Fetch the content that was listed, in parts if it is large.

    Raises:
        S3DownloadFailedError: its content has changed since.
    """
    from s3transfer.manager import TransferConfig, TransferManager
    from s3transfer.subscribers import BaseSubscriber

    class AsListed(BaseSubscriber):
        def on_queued(self, future: Any, **_: object) -> None:
            future.meta.provide_transfer_size(file.bytes)
            future.meta.provide_object_etag(f'"{file.etag}"')

    # Only downloads in parts, be it a single one, are checked against the entity tag.
    with TransferManager(client, TransferConfig(multipart_threshold=1)) as manager:
        manager.download(
            file.location.bucket, file.location.key, str(path), subscribers=[AsListed()]
        ).result()


def _listed(bucket: str, prefix: str, client: "Callable[[], S3Client]") -> Iterator[tuple[str, int, str]]:
    with explained(f"{SCHEME}{bucket}/{prefix}"):
        pages = client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"], entry["Size"], entry["ETag"].strip('"')


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn the errors of an S3 client into ones that say what to do.

    Args:
        place: what is requested, for the message.

    Raises:
        LoaderError: S3 refused, cannot be reached, or there are no credentials.
    """
    # These are slow to import; a caller with a client has done so already.
    from boto3.exceptions import Boto3Error
    from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError

    try:
        yield
    except ClientError as error:
        _refuse(place, error)
    except S3DownloadFailedError:  # the entity tag is another one
        raise LoaderError(
            f"{place} changed after it was listed. Run the command again when it is complete."
        ) from None
    except RetriesExceededError as error:
        raise LoaderError(
            f"{place} cannot be read: {error.last_exception}. Run the same command again."
        ) from None
    except Boto3Error as error:
        if isinstance(error.__context__, ClientError):
            _refuse(place, error.__context__)
        raise LoaderError(f"{place} cannot be written: {error}. Run the same command again.") from None
    except BotoCoreError as error:
        raise LoaderError(f"{place} cannot be reached: {error}. Run the same command again.") from None


def _refuse(place: str, error: ClientError) -> NoReturn:
    code = error.response.get("Error", {}).get("Code", "an unknown error")
    advice = _WHAT_TO_DO.get(code, "Run the same command again.")
    raise LoaderError(f"{place}: S3 answered {code}. {advice}") from None
