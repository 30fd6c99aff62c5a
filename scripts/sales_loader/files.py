"""Sales files, and the names they go by in the ledger."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sales_loader.errors import LoaderError, UsageError

_COARSE_CLOCK_STEP = 2_000_000_000  # nanoseconds, of the coarsest file system
_FINE_CLOCK_STEP = 100_000_000  # ten times what one takes that tells parts of a millisecond
_COMPRESSIONS = {".csv": "none", ".csv.gz": "gzip", ".csv.zst": "zstd"}


class SalesFile(Protocol):
    """A sales file, wherever it is."""

    @property
    def name(self) -> str:
        """Its name in the ledger."""

    @property
    def place(self) -> str:
        """Where it is, for messages; no two files have the same."""

    def size(self) -> int:
        """Size in bytes."""

    def version(self) -> str | None:
        """What changes whenever its content does, told without reading it; None when that cannot be told."""

    def on_disk(self) -> "AbstractContextManager[SourceFile]":
        """The file on this machine's disk, for as long as it is needed."""


@dataclass(frozen=True)
class SourceFile:
    """A sales file on disk.

    Attributes:
        path: absolute path, without links among its folders.
        name: path below the SOURCE folder with ``/`` between parts, or the file's own name; the ledger's key.
        compression: ``none``, ``gzip`` or ``zstd``, told from the name's ending.
    """

    path: Path
    name: str
    compression: str

    def stamp(self) -> tuple[int, int]:
        """Size in bytes and time of last change in nanoseconds."""
        stat = self.path.stat()
        return stat.st_size, stat.st_mtime_ns

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return str(self.path)

    def size(self) -> int:
        """Size in bytes."""
        return self.stamp()[0]

    def version(self) -> str | None:
        """Size, times and inode; None while another change could still bear the same times.

        The time of last change can be copied along with a file. That of the inode cannot: it is always the
        time at which the file came to be what it is.
        """
        stat = self.path.stat()
        return stamp_of(stat) if is_settled(stat.st_ctime_ns, time.time_ns()) else None

    @contextmanager
    def on_disk(self) -> Iterator["SourceFile"]:
        """The file itself."""
        yield self


def is_settled(changed: int, now: int) -> bool:
    """Whether a change of a file from now on would bear another time than its last one, in nanoseconds."""
    is_fine = changed % 1_000_000 != 0
    return now - changed >= (_FINE_CLOCK_STEP if is_fine else _COARSE_CLOCK_STEP)


def stamp_of(stat: os.stat_result) -> str:
    """Size, times and inode of a file."""
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ctime_ns}-{stat.st_ino}"


def find_local(source: str) -> Iterator[tuple[str, SourceFile | None]]:
    """Names of all files that a path stands for, with the file where it is a sales file.

    Args:
        source: a file or a folder, which is searched with all folders below it.

    Raises:
        UsageError: the path does not exist, or is a single file of another kind.
        LoaderError: a folder may not be read.
    """
    path = Path(source)
    if not path.exists():
        raise UsageError(f"{source}: there is no such file or folder.")
    if path.is_dir():
        folder, names = path.resolve(), list(_names_below(path))
    elif compression_of(path.name):
        folder, names = path.parent.resolve(), [path.name]
    else:
        raise UsageError(f"{source}: not a sales file; its name must end in .csv, .csv.gz or .csv.zst.")
    for name in names:
        compression = compression_of(name)
        yield name, SourceFile(folder / name, name, compression) if compression else None


def natural_order(name: str) -> tuple[list[tuple[str, int]], str]:
    """Key of the order that files are loaded in: a run of digits is one number, so day 9 comes before day 10.

    Example:
        ``sorted(["d-10.csv", "D-9.csv"], key=natural_order)`` gives ``["D-9.csv", "d-10.csv"]``.
    """
    parts = re.findall(r"[0-9]+|[^0-9]", name.casefold())
    return [("0", int(part)) if part[0] in "0123456789" else (part, 0) for part in parts], name


def is_clutter(name: str) -> bool:
    """Whether a file or folder is hidden, or is what a desktop leaves beside files; its name alone tells."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _names_below(folder: str | os.PathLike[str], prefix: str = "") -> Iterator[str]:
    # Years of days are thousands of files: what the listing of a folder tells of them is not asked for again.
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_clutter(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _names_below(entry.path, f"{prefix}{entry.name}/")
                elif entry.is_file():
                    yield prefix + entry.name
    except OSError as error:
        raise LoaderError(
            f"{folder}: the folder cannot be searched: {error.strerror}. Nothing was loaded. Give the loader "
            "the right to read it, or name the files instead."
        ) from error


def compression_of(name: str) -> str | None:
    """Compression of a sales file, told from its name's ending; None for files of other kinds."""
    matches = (kind for ending, kind in _COMPRESSIONS.items() if name.lower().endswith(ending))
    return next(matches, None)
