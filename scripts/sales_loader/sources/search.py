"""All sales files that a command's SOURCEs name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sales_loader.errors import LoaderError, UsageError
from sales_loader.sources import s3
from sales_loader.sources.local import SalesFile, Skipped, find_local, natural_order

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@dataclass(frozen=True)
class Found:
    """What the SOURCEs hold.

    Attributes:
        files: sales files as they are loaded: SOURCEs in the order given, below each in ``natural_order``.
        skipped: files that are skipped.
    """

    files: tuple[SalesFile, ...]
    skipped: tuple[Skipped, ...]


def find(sources: Sequence[str], client: "Callable[[], S3Client]") -> Found:
    """All sales files of some files, folders and S3 prefixes.

    Args:
        sources: paths and ``s3://`` addresses as given on the command line.
        client: makes the S3 client when it is first needed.

    Raises:
        UsageError: a source is empty, does not exist, or is a single file of another kind.
        LoaderError: there is no sales file, or two of one name, or S3 cannot be listed.
    """
    files: dict[str, SalesFile] = {}
    skipped: list[Skipped] = []
    for source in sources:
        if not source.strip():
            raise UsageError("A SOURCE is empty: name a file, a folder or an s3:// prefix.")
        on_s3 = source.startswith(s3.SCHEME)
        below = s3.find_files(source, client) if on_s3 else find_local(source)
        for found in sorted(below, key=lambda one: natural_order(one.name)):
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                files[found.place] = found
    if not files:
        raise LoaderError(f"No .csv, .csv.gz or .csv.zst file in {', '.join(sources)}: nothing to load.")
    _refuse_shared_names(files.values())
    return Found(tuple(files.values()), tuple(skipped))


def _refuse_shared_names(files: Iterable[SalesFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if file.name in seen:
            raise LoaderError(
                f"Two files are both named {file.name}: {seen[file.name]} and {file.place}. "
                "Nothing was loaded. Rename one of them, or load the folder above both."
            )
        seen[file.name] = file.place
